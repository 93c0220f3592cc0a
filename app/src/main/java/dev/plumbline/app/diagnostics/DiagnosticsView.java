package dev.plumbline.app.diagnostics;

import dev.plumbline.app.shell.Stall;
import dev.plumbline.app.shell.StallWords;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.app.shell.View;
import dev.plumbline.diagnosis.DiagnosisReport;
import dev.plumbline.diagnosis.Finding;
import java.util.List;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.value.ObservableStringValue;
import javafx.beans.value.ObservableValue;
import javafx.geometry.HPos;
import javafx.geometry.Pos;
import javafx.geometry.VPos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/** Findings in sections, each with its mark, and the three things that can be done about them. */
public final class DiagnosticsView implements View {
  private static final double LABELS = 190;
  private static final int STALLS = 8;

  private final DiagnosticsViewModel model;
  private final SimpleStringProperty subject = new SimpleStringProperty("");
  private final ScrollPane root;
  private final VBox sections = new VBox(14);
  private final VBox stallRows = new VBox(7);
  private final VBox stallCard;
  private final Label summary = Ui.label("", "muted");
  private final Label problem = Ui.label("", "bad");
  private final Button test;
  private final Button copy;
  private final Button install;
  private final Button folder;

  /**
   * @param stalls the times in which the window answered nothing, the newest first
   */
  public DiagnosticsView(DiagnosticsViewModel model, ObservableValue<List<Stall>> stalls) {
    this.model = model;
    test = Ui.button(Strings.text("diagnostics.test"), Feather.CHECK_SQUARE, model::test);
    test.setId("diagnostics-run");
    test.getStyleClass().add("accent");
    copy = Ui.button(Strings.text("diagnostics.copy"), Feather.COPY, model::copy);
    copy.setId("diagnostics-copy");
    install =
        Ui.button(Strings.text("diagnostics.gpu.install.more"), Feather.DOWNLOAD, model::install);
    install.setId("diagnostics-install");
    Ui.tip(install, Strings.text("diagnostics.gpu.install.tip"));
    folder = Ui.button(Strings.text("diagnostics.gpu.folder.more"), Feather.FOLDER, model::choose);
    folder.setId("diagnostics-folder");
    Ui.tip(folder, Strings.text("diagnostics.gpu.folder.tip"));
    for (Button button : new Button[] {test, copy, install, folder}) {
      button.setMinWidth(Region.USE_PREF_SIZE);
    }
    summary.setWrapText(true);
    problem.setWrapText(true);
    problem.setId("diagnostics-problem");
    stallCard = Ui.card(Ui.whole(Strings.text("stalls.title"), "card-title"), stallRows);
    stallCard.setId("diagnostics-stalls");
    VBox page =
        new VBox(14, Ui.card(Ui.row(10, test, copy, summary), problem), sections, stallCard);
    page.setMaxWidth(980);
    HBox centred = new HBox(page);
    centred.setAlignment(Pos.TOP_CENTER);
    HBox.setHgrow(page, Priority.ALWAYS);
    root = new ScrollPane(centred);
    root.setFitToWidth(true);
    root.getStyleClass().add("card-scroll");
    model.state().subscribe(this::show);
    stalls.subscribe(this::showStalls);
  }

  private void showStalls(List<Stall> stalls) {
    stallRows.getChildren().clear();
    Label head = Ui.label(StallWords.summary(stalls), "muted");
    head.setWrapText(true);
    stallRows.getChildren().add(head);
    for (Stall stall : stalls.subList(0, Math.min(stalls.size(), STALLS))) {
      Label place = Ui.label(stall.place(), "small-text", "subtle");
      place.setMinWidth(0);
      Ui.tip(
          place, String.join("\n", stall.stack().subList(0, Math.min(stall.stack().size(), 25))));
      stallRows
          .getChildren()
          .add(
              new VBox(
                  1,
                  Ui.row(
                      10,
                      Ui.whole(StallWords.time(stall), "muted"),
                      Ui.label(StallWords.line(stall))),
                  place));
    }
  }

  private void show(DiagnosticsState state) {
    test.setDisable(state.testing());
    copy.setDisable(state.report().isEmpty());
    install.setDisable(state.installing());
    folder.setDisable(state.installing());
    problem.setText(state.problem());
    problem.setVisible(!state.problem().isEmpty());
    problem.setManaged(problem.isVisible());
    summary.setText(summary(state));
    sections.getChildren().clear();
    state
        .report()
        .ifPresent(
            report ->
                report
                    .sections()
                    .forEach(section -> sections.getChildren().add(card(section, state))));
  }

  private static String summary(DiagnosticsState state) {
    if (state.report().isEmpty()) {
      return Strings.text("diagnostics.looking");
    }
    if (state.testing()) {
      return Strings.text("diagnostics.testing");
    }
    int failures = state.report().get().failures().size();
    if (failures > 0) {
      return Strings.text("diagnostics.failed", failures);
    }
    return state.tested() ? Strings.text("diagnostics.well") : Strings.text("diagnostics.untested");
  }

  private VBox card(DiagnosisReport.Section section, DiagnosticsState state) {
    GridPane grid = new GridPane();
    grid.setHgap(10);
    grid.setVgap(7);
    ColumnConstraints mark = new ColumnConstraints(18);
    mark.setHalignment(HPos.CENTER);
    ColumnConstraints label = new ColumnConstraints(LABELS);
    ColumnConstraints value = new ColumnConstraints();
    value.setHgrow(Priority.ALWAYS);
    grid.getColumnConstraints().setAll(mark, label, value);
    int row = 0;
    for (Finding finding : section.findings()) {
      Node sign = sign(finding.mark());
      GridPane.setValignment(sign, VPos.TOP);
      Label name = Ui.label(finding.label(), "muted");
      name.setWrapText(true);
      GridPane.setValignment(name, VPos.TOP);
      Label text = Ui.label(finding.value());
      text.setWrapText(true);
      text.setMinWidth(0);
      VBox words = new VBox(2, text);
      if (!finding.advice().isEmpty()) {
        Label advice = Ui.label(finding.advice(), "small-text", "muted");
        advice.setWrapText(true);
        words.getChildren().add(advice);
      }
      grid.addRow(row++, sign, name, words);
    }
    HBox head = Ui.row(8, Ui.whole(section.title(), "card-title"), sign(section.worst()));
    VBox card = Ui.card(head, grid);
    if (section.title().equals("GPU") && state.canInstall()) {
      card.getChildren().add(Ui.row(10, install, folder));
    }
    return card;
  }

  /** A mark by its shape and its words, not by its colour alone; none for information. */
  private static Node sign(Finding.Mark mark) {
    if (mark == Finding.Mark.INFO) {
      return new Region();
    }
    FontIcon icon =
        Ui.icon(
            switch (mark) {
              case PASS, INFO -> Feather.CHECK;
              case WARN -> Feather.ALERT_TRIANGLE;
              case FAIL -> Feather.X_CIRCLE;
            });
    icon.getStyleClass()
        .add(
            switch (mark) {
              case PASS, INFO -> "mark-pass";
              case WARN -> "mark-warn";
              case FAIL -> "mark-fail";
            });
    icon.setAccessibleText(
        switch (mark) {
          case PASS, INFO -> Strings.text("diagnostics.mark.pass");
          case WARN -> Strings.text("diagnostics.mark.warn");
          case FAIL -> Strings.text("diagnostics.mark.fail");
        });
    return icon;
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public ObservableStringValue subject() {
    return subject;
  }

  @Override
  public void shown() {
    model.look();
  }
}
