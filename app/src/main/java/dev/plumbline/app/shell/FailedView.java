package dev.plumbline.app.shell;

import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/** What stands in the place of a page that failed: what went wrong, and ways on. */
final class FailedView implements View {
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final StackPane root;

  FailedView(Page page, UncaughtErrors.Report report, Runnable retry, DialogService dialogs) {
    Label message = Ui.label(report.message(), "mono");
    message.setWrapText(true);
    FontIcon mark = Ui.icon(Feather.ALERT_TRIANGLE);
    mark.getStyleClass().add("mark-fail");
    Label rest = Ui.label(Strings.text("failed.text"), "muted");
    rest.setWrapText(true);
    Button again = Ui.button(Strings.text("failed.retry"), Feather.REFRESH_CW, retry);
    again.setId("failed-retry");
    again.getStyleClass().add("accent");
    Button copy =
        Ui.button(
            Strings.text("failed.copy"),
            Feather.COPY,
            () -> dialogs.copy(FxDialogs.details(report)));
    copy.setId("failed-copy");
    Button details =
        Ui.button(Strings.text("error.show"), Feather.FILE_TEXT, () -> dialogs.error(report));
    VBox card =
        Ui.card(
            Ui.row(
                10,
                mark,
                Ui.label(Strings.text("failed.title", page.title(), report.code()), "card-title")),
            message,
            rest,
            Ui.row(8, again, copy, details));
    card.setMaxSize(640, VBox.USE_PREF_SIZE);
    root = new StackPane(card);
    root.setId("failed");
    StackPane.setAlignment(card, Pos.CENTER);
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public ObservableStringValue subject() {
    return subject;
  }
}
