package dev.plumbline.app.figures;

import dev.plumbline.app.shell.DialogService;
import dev.plumbline.app.shell.Notices;
import dev.plumbline.app.shell.Numbers;
import dev.plumbline.app.shell.Strings;
import dev.plumbline.app.shell.Ui;
import dev.plumbline.figure.FigureBatch;
import dev.plumbline.figure.FigureDiff;
import dev.plumbline.figure.FigureExport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.kordamp.ikonli.feather.Feather;

/** The files of a figure, the clipboard, and those of the whole project. */
final class FigureFilesPart {
  private static final int LINES = 12;

  private final FiguresViewModel model;
  private final DialogService dialogs;
  private final Notices notices;
  private final VBox outcome = new VBox(4);
  private final VBox node;

  FigureFilesPart(FiguresViewModel model, DialogService dialogs, Notices notices) {
    this.model = model;
    this.dialogs = dialogs;
    this.notices = notices;
    Button copy = Ui.button(Strings.text("figures.copy"), Feather.COPY, this::copy);
    copy.setId("figure-copy");
    Ui.tip(copy, Strings.text("figures.copy.tip"));
    Button all = Ui.button(Strings.text("figures.all"), Feather.DOWNLOAD, this::exportAll);
    all.setId("figure-export-all");
    Button compare = Ui.button(Strings.text("figures.compare"), Feather.COLUMNS, this::compareAll);
    compare.setId("figure-compare-all");
    for (Button button : List.of(copy, all, compare)) {
      button.setMaxWidth(Double.MAX_VALUE);
    }
    Label drag = Ui.label(Strings.text("figures.drag"), "subtle", "small-text");
    drag.setWrapText(true);
    Label project = Ui.label(Strings.text("figures.project.text"), "muted", "small-text");
    project.setWrapText(true);
    node =
        new VBox(
            10,
            formats(),
            copy,
            drag,
            Ui.label(Strings.text("figures.project"), "card-title"),
            project,
            all,
            compare,
            outcome);
  }

  VBox node() {
    return node;
  }

  void update(FiguresState state) {
    node.setDisable(state.chosen().isEmpty());
  }

  private Node formats() {
    GridPane grid = new GridPane();
    grid.setHgap(8);
    grid.setVgap(8);
    int i = 0;
    for (FigureExport.Format format :
        List.of(
            FigureExport.Format.PDF,
            FigureExport.Format.SVG,
            FigureExport.Format.PGFPLOTS,
            FigureExport.Format.PNG,
            FigureExport.Format.CSV,
            FigureExport.Format.VEGA_LITE,
            FigureExport.Format.JSON)) {
      Button button = Ui.button(format.title(), Feather.DOWNLOAD, () -> export(format));
      button.setId("export-" + format.extension().replace('.', '-'));
      button.setMaxWidth(Double.MAX_VALUE);
      if (i == 0) {
        button.getStyleClass().add("accent");
      }
      GridPane.setHgrow(button, Priority.ALWAYS);
      grid.add(button, i % 2, i / 2);
      i++;
    }
    for (int c = 0; c < 2; c++) {
      ColumnConstraints half = new ColumnConstraints();
      half.setPercentWidth(50);
      grid.getColumnConstraints().add(half);
    }
    return grid;
  }

  private void export(FigureExport.Format format) {
    dialogs
        .askSaveFile(
            Strings.text("figures.save"),
            model.fileName() + "." + format.extension(),
            format.title(),
            format.extension())
        .ifPresent(
            file ->
                model.export(
                    format,
                    file,
                    done -> notices.show(Notices.Kind.DONE, Strings.text("figures.saved", done)),
                    this::problem));
  }

  private void copy() {
    model.forClipboard(
        List.of(FigureExport.Format.PNG, FigureExport.Format.SVG, FigureExport.Format.PDF),
        files -> {
          Path pdf = files.getOrDefault(FigureExport.Format.PDF, Path.of(""));
          try {
            dialogs.copyFigure(
                files.getOrDefault(FigureExport.Format.PNG, Path.of("")),
                Files.readString(
                    files.getOrDefault(FigureExport.Format.SVG, Path.of("")),
                    StandardCharsets.UTF_8),
                pdf,
                Files.readAllBytes(pdf));
            notices.show(Notices.Kind.DONE, Strings.text("figures.copied"));
          } catch (IOException e) {
            problem(Strings.text("figures.failed", String.valueOf(e.getMessage())));
          }
        },
        this::problem);
  }

  private void exportAll() {
    dialogs
        .askDirectory(Strings.text("figures.all"), Path.of(System.getProperty("user.home", ".")))
        .ifPresent(
            directory ->
                model.exportAll(
                    List.of(FigureExport.Format.PDF, FigureExport.Format.SVG),
                    directory,
                    this::tell,
                    this::problem));
  }

  private void compareAll() {
    dialogs
        .askDirectory(
            Strings.text("figures.compare"), Path.of(System.getProperty("user.home", ".")))
        .ifPresent(directory -> model.compareAll(directory, this::tell, this::problem));
  }

  private void problem(String text) {
    notices.show(Notices.Kind.PROBLEM, text);
  }

  /** What became of the figures, those that changed first. */
  private void tell(List<FigureBatch.Done> done) {
    outcome.getChildren().clear();
    long same =
        done.stream().filter(one -> one.diff().verdict() == FigureDiff.Verdict.SAME).count();
    outcome
        .getChildren()
        .add(Ui.label(Strings.text("figures.outcome", done.size(), same), "strong"));
    done.stream()
        .filter(one -> one.diff().verdict() != FigureDiff.Verdict.SAME)
        .limit(LINES)
        .forEach(
            one -> {
              Label line = Ui.label(words(one), "small-text");
              line.setWrapText(true);
              if (!one.diff().lines().isEmpty()) {
                Ui.tip(line, String.join("\n", one.diff().lines()));
              }
              outcome.getChildren().add(line);
            });
  }

  private static String words(FigureBatch.Done one) {
    return switch (one.diff().verdict()) {
      case CHANGED ->
          Strings.text(
              "figures.outcome.changed", one.name(), Numbers.fixed(100 * one.diff().pixels(), 2));
      case UNSEEN -> Strings.text("figures.outcome.unseen", one.name());
      case NEW -> Strings.text("figures.outcome.new", one.name());
      case GONE -> Strings.text("figures.outcome.gone", one.name());
      case SAME -> Strings.text("figures.outcome.same", one.name());
    };
  }
}
