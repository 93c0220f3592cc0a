package dev.plumbline.lm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.torch.TorchRuntime;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Small models of every family with numbers that an independent program found for them. */
final class GoldenFamilies {
  private GoldenFamilies() {}

  static Path directory() {
    try {
      return Path.of(Objects.requireNonNull(GoldenFamilies.class.getResource("/golden")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static List<String> names() throws IOException {
    try (Stream<Path> folders = Files.list(directory())) {
      return folders
          .filter(Files::isDirectory)
          .map(path -> path.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  /** The token sequences that the numbers belong to. */
  static List<int[]> sequences() throws IOException {
    List<int[]> sequences = new ArrayList<>();
    for (JsonNode ids :
        new ObjectMapper().readTree(directory().resolve("sequences.json").toFile())) {
      sequences.add(IntStream.range(0, ids.size()).map(i -> ids.get(i).asInt()).toArray());
    }
    return sequences;
  }

  /** A copy of a family's folder with a tokenizer beside its weights. */
  static Path copy(TorchRuntime runtime, String family, Path folder) throws IOException {
    Path directory = Files.createDirectories(folder.resolve(family));
    try (Stream<Path> files = Files.list(directory().resolve(family))) {
      for (Path file : files.toList()) {
        Files.copy(file, directory.resolve(file.getFileName().toString()));
      }
    }
    try (LanguageModel tiny = TinyModels.tied(runtime, 1)) {
      tiny.tokenizer().save(directory.resolve("tokenizer.json"));
    }
    return directory;
  }
}
