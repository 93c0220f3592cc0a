package dev.plumbline.app.shell;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Everything that opens a window of its own; behind an interface, since tests have no screen. */
public interface DialogService {
  /** Asks where a file shall be written. */
  Optional<Path> askSaveFile(String title, String suggestedName, String kind, String extension);

  /**
   * Asks for a file that is there.
   *
   * @param from directory to begin in
   * @param kind what such files are called
   * @param extensions their endings without the dot, the usual one first; any file can be chosen
   */
  Optional<Path> askOpenFile(String title, Path from, String kind, List<String> extensions);

  /**
   * Asks for a directory that is there.
   *
   * @param from where to begin
   */
  Optional<Path> askDirectory(String title, Path from);

  /**
   * Asks for the place and name of a directory that is to be made.
   *
   * @param from where to begin
   */
  Optional<Path> askNewDirectory(String title, Path from, String suggestedName);

  /** Asks whether something shall be done; {@code act} names the doing. */
  boolean confirm(String title, String text, String act);

  /** Shows an error with details to copy. */
  void error(UncaughtErrors.Report report);

  /** Puts text on the clipboard. */
  void copy(String text);

  /**
   * Puts a figure on the clipboard, as everything that another program may take.
   *
   * @param png the picture
   * @param svg the drawing, also as text
   * @param pdf the drawing as a file
   * @param pdfBytes what the file holds
   */
  default void copyFigure(Path png, String svg, Path pdf, byte[] pdfBytes) {
    copy(svg);
  }
}
