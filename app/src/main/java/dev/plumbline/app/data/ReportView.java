package dev.plumbline.app.data;

import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.data.DataReport;
import dev.plumbline.workspace.DataFile;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.geometry.HPos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TitledPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;

/** What was found when a file was imported: what is used, what was left out, why and where. */
final class ReportView implements View {
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final VBox column = new VBox(10);
  private final ScrollPane root = new ScrollPane(column);
  private final Consumer<String> clipboard;

  ReportView(DataViewModel model, Consumer<String> clipboard) {
    this.clipboard = clipboard;
    root.setId("data-report");
    root.setFitToWidth(true);
    root.getStyleClass().add("card-scroll");
    model.chosen().subscribe(this::show);
  }

  private void show(Optional<DataFile> chosen) {
    column.getChildren().clear();
    if (chosen.isEmpty()) {
      return;
    }
    DataFile file = chosen.get();
    DataReport report = file.report();
    Button copy =
        Ui.button(
            Strings.text("data.report.copy"), Feather.COPY, () -> clipboard.accept(text(file)));
    copy.setId("data-report-copy");
    GridPane about = new GridPane(16, 5);
    ColumnConstraints rest = new ColumnConstraints();
    rest.setHgrow(Priority.ALWAYS);
    about.getColumnConstraints().setAll(new ColumnConstraints(), rest);
    row(about, Strings.text("data.report.file"), file.origin().toString());
    if (file.isConverted()) {
      row(about, Strings.text("data.report.written"), file.file().toString());
    }
    row(about, Strings.text("data.report.form"), DataWords.form(file.form()));
    row(about, Strings.text("data.report.when"), WHEN.format(file.imported()));
    row(
        about,
        Strings.text("data.report.columns"),
        String.join(
            "   ",
            file.mapping().columns().entrySet().stream()
                .map(
                    each ->
                        DataWords.field(each.getKey(), file.mapping().kind())
                            + " = "
                            + each.getValue())
                .toList()));
    GridPane counts = new GridPane(18, 5);
    ColumnConstraints words = new ColumnConstraints();
    words.setMinWidth(180);
    ColumnConstraints number = new ColumnConstraints();
    number.setHalignment(HPos.RIGHT);
    number.setMinWidth(80);
    counts.getColumnConstraints().setAll(words, number, number);
    count(counts, Strings.text("data.report.lines"), report.lines(), -1, "report-lines");
    count(counts, Strings.text("data.report.used"), report.used(), report.lines(), "report-used");
    count(counts, Strings.text("data.report.left"), report.left(), report.lines(), "report-left");
    count(counts, Strings.text("data.report.blank"), report.blank(), -1, "report-blank");
    column
        .getChildren()
        .add(
            Ui.card(
                Ui.row(
                    8,
                    Ui.label(Strings.text("data.report.title", file.name()), "card-title"),
                    Ui.spring(),
                    copy),
                about,
                counts));
    VBox left = Ui.card(Ui.label(Strings.text("data.report.skipped"), "card-title"));
    if (report.skipped().isEmpty()) {
      left.getChildren().add(Ui.label(Strings.text("data.report.noskipped"), "good"));
    }
    report.skipped().forEach(each -> left.getChildren().add(reason(each, file)));
    column.getChildren().add(left);
    if (!report.notes().isEmpty()) {
      VBox notes = Ui.card(Ui.label(Strings.text("data.report.notes"), "card-title"));
      report.notes().forEach(each -> notes.getChildren().add(reason(each, file)));
      column.getChildren().add(notes);
    }
  }

  private static void row(GridPane grid, String name, String value) {
    Label text = Ui.label(value);
    text.setWrapText(true);
    text.setMinHeight(Region.USE_PREF_SIZE);
    Label title = Ui.whole(name, "muted");
    GridPane.setValignment(title, javafx.geometry.VPos.TOP);
    grid.addRow(grid.getRowCount(), title, text);
  }

  private static void count(GridPane grid, String name, long count, long whole, String id) {
    Label number = Ui.whole(Numbers.whole(count), "strong");
    number.setId(id);
    grid.addRow(
        grid.getRowCount(),
        Ui.label(name),
        number,
        Ui.whole(whole < 0 ? "" : DataWords.share(count, whole), "muted"));
  }

  private static Node reason(DataReport.Count count, DataFile file) {
    GridPane examples = new GridPane(14, 4);
    for (DataReport.Example each : count.examples()) {
      Label line = Ui.whole(Strings.text("data.report.line", Numbers.whole(each.line())), "muted");
      Ui.tip(line, file.origin() + ":" + each.line());
      Label detail = Ui.label(each.detail().isEmpty() ? Numbers.NONE : each.detail());
      detail.setWrapText(true);
      examples.addRow(examples.getRowCount(), line, detail);
    }
    if (count.count() > count.examples().size()) {
      examples.add(
          Ui.label(
              Strings.text(
                  "data.report.more", Numbers.whole(count.count() - count.examples().size())),
              "subtle"),
          0,
          examples.getRowCount(),
          2,
          1);
    }
    TitledPane pane =
        new TitledPane(Numbers.whole(count.count()) + "  ·  " + count.reason(), examples);
    pane.getStyleClass().add("report-reason");
    pane.setAnimated(false);
    pane.setExpanded(count.count() <= 5);
    return pane;
  }

  /** The report as lines of text, problems as FILE:LINE. */
  private static String text(DataFile file) {
    DataReport report = file.report();
    StringBuilder text = new StringBuilder();
    text.append(file.origin()).append('\n');
    text.append(
        "%d lines, %d used, %d left out, %d blank%n"
            .formatted(report.lines(), report.used(), report.left(), report.blank()));
    for (var counts : java.util.List.of(report.skipped(), report.notes())) {
      for (DataReport.Count count : counts) {
        text.append("%d  %s%n".formatted(count.count(), count.reason()));
        for (DataReport.Example each : count.examples()) {
          text.append("%s:%d: %s%n".formatted(file.origin(), each.line(), each.detail()));
        }
      }
    }
    return text.toString();
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
