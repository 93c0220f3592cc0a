package dev.plumbline.app.shell;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import javafx.scene.control.Alert;
import javafx.scene.control.ButtonBar.ButtonData;
import javafx.scene.control.ButtonType;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.stage.DirectoryChooser;
import javafx.stage.FileChooser;
import javafx.stage.Window;
import org.jspecify.annotations.Nullable;

/** Dialogs on a real screen. */
final class FxDialogs implements DialogService {
  private final Window owner;
  private final Path log;
  private final DoubleSupplier scale;

  /**
   * @param log where the log is, for error reports
   * @param scale size of everything, 1 to 2
   */
  FxDialogs(Window owner, Path log, DoubleSupplier scale) {
    this.owner = owner;
    this.log = log;
    this.scale = scale;
  }

  @Override
  public Optional<Path> askSaveFile(
      String title, String suggestedName, String kind, String extension) {
    FileChooser chooser = new FileChooser();
    chooser.setTitle(title);
    chooser.setInitialFileName(suggestedName);
    chooser.getExtensionFilters().add(new FileChooser.ExtensionFilter(kind, "*." + extension));
    return Optional.ofNullable(chooser.showSaveDialog(owner)).map(File::toPath);
  }

  @Override
  public Optional<Path> askOpenFile(String title, Path from, String kind, List<String> extensions) {
    FileChooser chooser = new FileChooser();
    chooser.setTitle(title);
    chooser.setInitialDirectory(existing(from));
    chooser
        .getExtensionFilters()
        .addAll(
            new FileChooser.ExtensionFilter(
                kind, extensions.stream().map(each -> "*." + each).toList()),
            new FileChooser.ExtensionFilter(Strings.text("dialog.anyfile"), "*"));
    return Optional.ofNullable(chooser.showOpenDialog(owner)).map(File::toPath);
  }

  @Override
  public Optional<Path> askDirectory(String title, Path from) {
    DirectoryChooser chooser = new DirectoryChooser();
    chooser.setTitle(title);
    chooser.setInitialDirectory(existing(from));
    return Optional.ofNullable(chooser.showDialog(owner)).map(File::toPath);
  }

  @Override
  public Optional<Path> askNewDirectory(String title, Path from, String suggestedName) {
    // A directory chooser only finds what is there; a save dialog asks for a place and a name.
    FileChooser chooser = new FileChooser();
    chooser.setTitle(title);
    chooser.setInitialDirectory(existing(from));
    chooser.setInitialFileName(suggestedName);
    return Optional.ofNullable(chooser.showSaveDialog(owner)).map(File::toPath);
  }

  /** The nearest directory that is there: a chooser throws at any other. */
  private static @Nullable File existing(Path from) {
    for (Path each = from.toAbsolutePath(); each != null; each = each.getParent()) {
      if (Files.isDirectory(each)) {
        return each.toFile();
      }
    }
    return null;
  }

  @Override
  public boolean confirm(String title, String text, String act) {
    ButtonType doIt = new ButtonType(act, ButtonData.OK_DONE);
    Alert alert = new Alert(Alert.AlertType.CONFIRMATION, text, ButtonType.CANCEL, doIt);
    dress(alert, title);
    return alert.showAndWait().filter(doIt::equals).isPresent();
  }

  @Override
  public void error(UncaughtErrors.Report report) {
    ButtonType copy = new ButtonType(Strings.text("error.copy"), ButtonData.LEFT);
    Alert alert = new Alert(Alert.AlertType.ERROR, "", copy, ButtonType.CLOSE);
    dress(alert, Strings.text("error.title", report.code()));
    Label message = new Label(report.message());
    message.setWrapText(true);
    Label where = Ui.label(Strings.text("error.log", log), "muted", "small-text");
    where.setWrapText(true);
    alert.getDialogPane().setContent(new VBox(8, message, where));
    TextArea details = new TextArea(details(report));
    details.setEditable(false);
    VBox.setVgrow(details, Priority.ALWAYS);
    alert.getDialogPane().setExpandableContent(details);
    alert
        .getDialogPane()
        .lookupButton(copy)
        .addEventFilter(
            javafx.event.ActionEvent.ACTION,
            event -> {
              copy(details(report));
              event.consume();
            });
    alert.show();
  }

  @Override
  public void copy(String text) {
    ClipboardContent content = new ClipboardContent();
    content.putString(text);
    Clipboard.getSystemClipboard().setContent(content);
  }

  /** What goes to the clipboard: code, versions, stack. */
  static String details(UncaughtErrors.Report report) {
    return "%s: %s%n%s%n%n%s"
        .formatted(report.code(), report.message(), AppHome.environment(), report.stack());
  }

  private void dress(Alert alert, String title) {
    alert.initOwner(owner);
    alert.setTitle(Strings.text("app.name"));
    alert.setHeaderText(title);
    alert.setGraphic(null);
    alert.setResizable(true);
    alert.getDialogPane().setMinWidth(480 * scale.getAsDouble());
    alert
        .getDialogPane()
        .setStyle(String.format(Locale.ROOT, "-fx-font-size: %.1fpx;", 13 * scale.getAsDouble()));
    if (owner.getScene() != null) {
      alert.getDialogPane().getStylesheets().setAll(owner.getScene().getStylesheets());
    }
  }

  @Override
  public void copyFigure(Path png, String svg, Path pdf, byte[] pdfBytes) {
    ClipboardContent content = new ClipboardContent();
    content.putImage(new javafx.scene.image.Image(png.toUri().toString()));
    content.putString(svg);
    content.put(FigureFormats.SVG, svg);
    content.put(FigureFormats.PDF, java.nio.ByteBuffer.wrap(pdfBytes));
    // Office programs and file managers take the files.
    content.putFiles(java.util.List.of(pdf.toFile(), png.toFile()));
    Clipboard.getSystemClipboard().setContent(content);
  }

  /** Formats of the clipboard that the toolkit has no name for. */
  private static final class FigureFormats {
    private static final javafx.scene.input.DataFormat SVG = of("image/svg+xml");
    private static final javafx.scene.input.DataFormat PDF = of("application/pdf");

    private static javafx.scene.input.DataFormat of(String mime) {
      javafx.scene.input.DataFormat known = javafx.scene.input.DataFormat.lookupMimeType(mime);
      return known == null ? new javafx.scene.input.DataFormat(mime) : known;
    }
  }
}
