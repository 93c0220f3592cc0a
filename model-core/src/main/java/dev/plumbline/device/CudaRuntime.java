package dev.plumbline.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * A folder with the CUDA build of the tensor library.
 *
 * @param directory the folder
 * @param source how it was found
 */
public record CudaRuntime(Path directory, Source source) {
  /** Version of the tensor library; the engine's glue fits no other. */
  public static final String VERSION = "2.7.1";

  /** The engine's name for the build with CUDA 12.8. */
  public static final String FLAVOR = "cu128";

  /** Environment variable with the folder, the engine's own. */
  public static final String PATH_VARIABLE = "PYTORCH_LIBRARY_PATH";

  /** File in Plumbline's own folder that names its files with their lengths. */
  static final String MANIFEST = "plumbline-files.properties";

  /** How a runtime was found. */
  public enum Source {
    /** {@value CudaRuntime#PATH_VARIABLE} names it. */
    ENVIRONMENT,
    /** A person showed it to Plumbline. */
    CHOSEN,
    /** Plumbline installed it. */
    INSTALLED,
    /** The engine downloaded it for another program. */
    ENGINE_CACHE
  }

  /**
   * A place that was looked at.
   *
   * @param source which
   * @param directory where
   * @param problem why it is of no use, in a few words; empty where it is
   */
  public record Place(Source source, Path directory, String problem) {}

  /** The places of this process, the first one first; the first without a problem is used. */
  public static List<Place> places() {
    return CudaPlatform.current()
        .map(platform -> places(platform, System.getenv(), home(), engineCache()))
        .orElse(List.of());
  }

  /** The runtime that this process uses, if there is one. */
  public static Optional<CudaRuntime> find() {
    return first(places());
  }

  static Optional<CudaRuntime> first(List<Place> places) {
    return places.stream()
        .filter(place -> place.problem().isEmpty())
        .findFirst()
        .map(place -> new CudaRuntime(place.directory(), place.source()));
  }

  /**
   * @param home where {@link #installed} is
   * @param cache the engine's folder
   */
  static List<Place> places(
      CudaPlatform platform, Map<String, String> environment, Path home, Path cache) {
    List<Place> places = new ArrayList<>();
    for (String named :
        environment.getOrDefault(PATH_VARIABLE, "").split(java.io.File.pathSeparator)) {
      if (!named.isBlank()) {
        try {
          Path folder = Path.of(named).toAbsolutePath();
          Path parent = folder.getParent();
          // The engine takes the library's file for its folder.
          Path directory = Files.isRegularFile(folder) && parent != null ? parent : folder;
          places.add(place(platform, Source.ENVIRONMENT, directory));
        } catch (InvalidPathException e) {
          places.add(new Place(Source.ENVIRONMENT, home, PATH_VARIABLE + " names no folder"));
        }
      }
    }
    chosen(home).ifPresent(folder -> places.add(place(platform, Source.CHOSEN, folder)));
    places.add(place(platform, Source.INSTALLED, installed(home, platform)));
    places.add(
        place(
            platform,
            Source.ENGINE_CACHE,
            cache
                .resolve("pytorch")
                .resolve(VERSION + "-" + FLAVOR + "-" + platform.classifier())));
    return List.copyOf(places);
  }

  private static Place place(CudaPlatform platform, Source source, Path directory) {
    return new Place(source, directory, problem(platform, directory));
  }

  /**
   * Why a folder is no complete runtime, in a few words; empty where it is one. What Plumbline
   * installed is held to its list of lengths, any other folder to the files that the engine loads.
   */
  static String problem(CudaPlatform platform, Path directory) {
    if (!Files.isDirectory(directory)) {
      return "not there";
    }
    List<String> missing = new ArrayList<>();
    for (String name : platform.required()) {
      if (size(directory.resolve(name)) <= 0) {
        missing.add(name);
      }
    }
    Path manifest = directory.resolve(MANIFEST);
    if (Files.isRegularFile(manifest)) {
      Properties lengths = new Properties();
      try (var in = Files.newBufferedReader(manifest)) {
        lengths.load(in);
      } catch (IOException | IllegalArgumentException e) {
        return "its list of files cannot be read: " + e.getMessage();
      }
      for (String name : lengths.stringPropertyNames().stream().sorted().toList()) {
        if (!String.valueOf(size(directory.resolve(name))).equals(lengths.getProperty(name))
            && !missing.contains(name)) {
          missing.add(name);
        }
      }
    }
    if (missing.isEmpty()) {
      return "";
    }
    return "missing or cut short: "
        + String.join(", ", missing.subList(0, Math.min(3, missing.size())))
        + (missing.size() > 3 ? " and " + (missing.size() - 3) + " more" : "");
  }

  /** Whether a folder holds a build with CUDA, complete or not. */
  public static boolean hasCuda(Path directory) {
    return CudaPlatform.current().stream()
        .flatMap(platform -> platform.required().stream())
        .filter(name -> name.contains("cuda"))
        .anyMatch(name -> Files.exists(directory.resolve(name)));
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return -1;
    }
  }

  /** Bytes that the folder's files take. */
  public long bytes() {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(CudaRuntime::size).sum();
    } catch (IOException e) {
      return 0;
    }
  }

  /** The folder below which Plumbline installs; {@code -Dplumbline.home=DIR} moves it. */
  public static Path home() {
    String home = System.getProperty("plumbline.home");
    if (home != null) {
      return Path.of(home).resolve("cuda");
    }
    Path user = Path.of(System.getProperty("user.home"));
    String local = System.getenv("LOCALAPPDATA");
    if (local != null && !local.isBlank()) {
      return Path.of(local).resolve("Plumbline").resolve("cuda");
    }
    String data = System.getenv("XDG_DATA_HOME");
    Path base = data == null || data.isBlank() ? user.resolve(".local/share") : Path.of(data);
    return base.resolve("plumbline").resolve("cuda");
  }

  /** Plumbline's own folder of this version. */
  static Path installed(Path home, CudaPlatform platform) {
    return home.resolve(VERSION + "-" + FLAVOR + "-" + platform.classifier());
  }

  /** The file that names the folder which a person showed. */
  static Path pointer(Path home) {
    return home.resolve("folder.txt");
  }

  private static Optional<Path> chosen(Path home) {
    try {
      String named = Files.readString(pointer(home)).strip();
      return named.isEmpty() ? Optional.empty() : Optional.of(Path.of(named));
    } catch (IOException | InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** The engine's cache of native libraries. */
  public static Path engineCache() {
    for (String name : List.of("ENGINE_CACHE_DIR", "DJL_CACHE_DIR")) {
      String environment = System.getenv(name);
      String value = System.getProperty(name, environment == null ? "" : environment);
      if (!value.isBlank()) {
        return Path.of(value);
      }
    }
    return Path.of(System.getProperty("user.home"), ".djl.ai");
  }
}
