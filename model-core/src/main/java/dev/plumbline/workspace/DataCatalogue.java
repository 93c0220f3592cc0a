package dev.plumbline.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.plumbline.data.DataField;
import dev.plumbline.data.DataForm;
import dev.plumbline.data.DataKind;
import dev.plumbline.data.DataMapping;
import dev.plumbline.data.DataReport;
import dev.plumbline.data.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data files of a workspace: {@code data/NAME.json} tells of each where it lies, what its
 * columns are and what was found in it; {@code data/NAME.jsonl.gz} is one that was written anew,
 * {@code data/index/NAME.db} what is made to browse it and can be made again.
 */
public final class DataCatalogue {
  private static final Logger LOG = LoggerFactory.getLogger(DataCatalogue.class);
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final Path directory;

  /** What stands in a file. */
  private record Stored(
      String file,
      String origin,
      DataForm form,
      DataKind kind,
      Map<DataField, String> columns,
      DataReport report,
      String imported) {}

  /**
   * @param workspace its directory
   */
  public DataCatalogue(Path workspace) {
    directory = workspace.resolve("data");
  }

  /** The files by name; one whose description cannot be read is passed over and logged. */
  public List<DataFile> files() {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    List<DataFile> files = new ArrayList<>();
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.filter(path -> path.toString().endsWith(".json")).toList()) {
        read(entry).ifPresent(files::add);
      }
    } catch (IOException e) {
      throw new UserError(directory + ": cannot be read (" + e.getMessage() + ")", e);
    }
    files.sort(Comparator.comparing(file -> file.name().toLowerCase(Locale.ROOT)));
    return List.copyOf(files);
  }

  private static Optional<DataFile> read(Path entry) {
    String name = String.valueOf(entry.getFileName()).replaceFirst("\\.json$", "");
    try {
      Stored stored = MAPPER.readValue(Files.readString(entry), Stored.class);
      return Optional.of(
          new DataFile(
              name,
              entry.resolveSibling(stored.file()).normalize(),
              entry.resolveSibling(stored.origin()).normalize(),
              stored.form(),
              new DataMapping(stored.kind(), stored.columns()),
              stored.report(),
              Instant.parse(stored.imported())));
    } catch (IOException | RuntimeException e) {
      LOG.warn("{} does not describe a data file", entry, e);
      return Optional.empty();
    }
  }

  /** The file of a name. */
  public Optional<DataFile> file(String name) {
    Path entry = entry(name);
    return Files.exists(entry) ? read(entry) : Optional.empty();
  }

  /** A name like the wanted one that no file has. */
  public String freeName(String wanted) {
    String plain = wanted.replaceAll("[^\\p{L}\\p{N}._-]+", "-").replaceAll("^[.-]+|-+$", "");
    String base = plain.isEmpty() ? "data" : plain;
    String name = base;
    for (int i = 2; Files.exists(entry(name)); i++) {
      name = base + "-" + i;
    }
    return name;
  }

  /** Where a file of this name is written that has to be in another form. */
  public Path converted(String name) {
    return directory.resolve(name + ".jsonl.gz");
  }

  /** Where the index of a file stands. */
  public Path index(String name) {
    return directory.resolve("index").resolve(name + ".db");
  }

  /**
   * Adds a file, or describes it anew.
   *
   * @throws UserError where the workspace cannot be written
   */
  public void put(DataFile file) {
    Path entry = entry(file.name());
    Path written = entry.resolveSibling("." + file.name() + ".json.new");
    try {
      Files.createDirectories(directory);
      Files.writeString(
          written,
          MAPPER
              .writerWithDefaultPrettyPrinter()
              .writeValueAsString(
                  new Stored(
                      place(file.file()),
                      place(file.origin()),
                      file.form(),
                      file.mapping().kind(),
                      file.mapping().columns(),
                      file.report(),
                      file.imported().toString())));
      Files.move(
          written, entry, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a description is plain data", e);
    } catch (IOException e) {
      throw new UserError(entry + ": cannot be written (" + e.getMessage() + ")", e);
    }
  }

  /** Files within the workspace are named from it, so that it can be moved. */
  private String place(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    Path from = directory.toAbsolutePath().normalize();
    Path workspace = from.getParent();
    return workspace != null && absolute.startsWith(workspace)
        ? from.relativize(absolute).toString()
        : absolute.toString();
  }

  /**
   * Takes a file out of the list. It stays where it lies, one that was written anew too, so that
   * {@link #put} brings it back; its index goes.
   */
  public void remove(String name) {
    try {
      Files.deleteIfExists(entry(name));
      Files.deleteIfExists(index(name));
    } catch (NoSuchFileException e) {
      LOG.debug("{} is gone already", name);
    } catch (IOException e) {
      throw new UserError(entry(name) + ": cannot be removed (" + e.getMessage() + ")", e);
    }
  }

  private Path entry(String name) {
    return directory.resolve(name + ".json");
  }
}
