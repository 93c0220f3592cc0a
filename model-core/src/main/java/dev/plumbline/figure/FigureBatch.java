package dev.plumbline.figure;

import dev.plumbline.data.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * All figures of a project in one directory. Beside the files stands what each figure was, in
 * {@code .figures/NAME.json}, so that the next export can say and show what differs.
 */
public final class FigureBatch {
  private static final String RECORD = ".figures";

  /**
   * A figure of the project.
   *
   * @param name name of its files, without an ending
   * @param figure the figure with all changes
   * @param style its own style; empty for that of the project
   */
  public record Item(String name, Figure figure, Optional<HouseStyle> style) {}

  /**
   * What became of a figure.
   *
   * @param name its name
   * @param diff what differs from the last export
   * @param files what was written
   */
  public record Done(String name, FigureDiff diff, List<Path> files) {
    /** Copies the list. */
    public Done {
      files = List.copyOf(files);
    }
  }

  private FigureBatch() {}

  /** A text as the name of a file: lower case letters, digits and hyphens. */
  public static String fileName(String text) {
    String name =
        text.toLowerCase(java.util.Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-|-$", "");
    return name.isEmpty() ? "figure" : name;
  }

  /**
   * Writes all figures in some formats and remembers what they were.
   *
   * @throws UserError where a file cannot be written
   */
  public static List<Done> export(
      List<Item> items, HouseStyle style, List<FigureExport.Format> formats, Path directory) {
    List<Done> all = new ArrayList<>();
    for (Item item : items) {
      FigureDiff diff = difference(item, style, directory);
      List<Path> files = new ArrayList<>();
      HouseStyle own = item.style().orElse(style);
      try {
        for (FigureExport.Format format : formats) {
          Path file = directory.resolve(item.name() + "." + format.extension());
          FigureExport.write(format, item.figure(), own.style(), own.size(), file);
          files.add(file);
        }
        Files.createDirectories(directory.resolve(RECORD));
        Files.writeString(
            record(directory, item.name()),
            FigureJson.write(item.figure()),
            StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UserError(
            "cannot write "
                + item.name()
                + " to "
                + directory
                + ": "
                + e.getMessage()
                + "; check its rights and free space",
            e);
      }
      all.add(new Done(item.name(), diff, files));
    }
    return all;
  }

  /**
   * What differs from the last export, figures that are gone among it; writes no figure.
   *
   * @param pictures whether a picture {@code NAME-diff.png} is written of each that looks different
   * @throws UserError where nothing was exported to the directory, or a file cannot be written
   */
  public static List<Done> diff(
      List<Item> items, HouseStyle style, Path directory, boolean pictures) {
    if (!Files.isDirectory(directory.resolve(RECORD))) {
      throw new UserError(
          directory + " holds no export of a project; make one with `figure export --all`");
    }
    List<Done> all = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Item item : items) {
      names.add(item.name());
      FigureDiff diff = difference(item, style, directory);
      List<Path> files = new ArrayList<>();
      if (pictures && diff.verdict() == FigureDiff.Verdict.CHANGED) {
        HouseStyle own = item.style().orElse(style);
        Path file = directory.resolve(item.name() + "-diff.png");
        Figure before = FigureJson.read(record(directory, item.name()));
        try {
          Files.write(file, FigureDiff.picture(before, item.figure(), own.style(), own.size()));
        } catch (IOException e) {
          throw new UserError("cannot write " + file + ": " + e.getMessage(), e);
        }
        files.add(file);
      }
      all.add(new Done(item.name(), diff, files));
    }
    try (Stream<Path> known = Files.list(directory.resolve(RECORD))) {
      known
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".json"))
          .map(name -> name.substring(0, name.length() - 5))
          .filter(name -> !names.contains(name))
          .sorted()
          .forEach(name -> all.add(new Done(name, FigureDiff.gone(), List.of())));
    } catch (IOException e) {
      throw new UserError("cannot read " + directory + ": " + e.getMessage(), e);
    }
    return all;
  }

  private static FigureDiff difference(Item item, HouseStyle style, Path directory) {
    Path file = record(directory, item.name());
    if (!Files.isRegularFile(file)) {
      return FigureDiff.added();
    }
    HouseStyle own = item.style().orElse(style);
    return FigureDiff.of(FigureJson.read(file), item.figure(), own.style(), own.size());
  }

  private static Path record(Path directory, String name) {
    return directory.resolve(RECORD).resolve(name + ".json");
  }
}
