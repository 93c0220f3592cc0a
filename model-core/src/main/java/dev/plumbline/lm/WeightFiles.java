package dev.plumbline.lm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.data.UserError;
import dev.plumbline.lm.DecoderConfig.Weight;
import dev.plumbline.torch.SafeTensors;
import dev.plumbline.torch.SafeTensors.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** The weights in a Hugging Face directory: in one file, or in several and an index. */
final class WeightFiles {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final int NAMED = 12;

  /** Bytes of tensors in one file: where other programs begin a second one, too. */
  static final long SHARD = 5_000_000_000L;

  private final FamilyFormat format;
  private final List<StoredTensor> stored;

  /**
   * @param format the family's format
   * @param stored the tensors that the files are to hold
   */
  WeightFiles(FamilyFormat format, List<StoredTensor> stored) {
    this.format = format;
    this.stored = List.copyOf(stored);
  }

  /**
   * Reads tensors.
   *
   * @param weights what the program needs, all of it in some stored tensor
   * @return the values of {@code weights}, in that order
   * @throws UserError naming the file and the tensors that are missing, are too many or have
   *     another shape
   */
  List<Entry> read(Path directory, List<Weight> weights) {
    Path source =
        !Files.exists(directory.resolve(SINGLE)) && Files.exists(directory.resolve(INDEX))
            ? directory.resolve(INDEX)
            : directory.resolve(SINGLE);
    Map<String, Entry> tensors = prefixed(tensors(source));
    check(source, tensors);
    Map<String, Entry> parts = new HashMap<>();
    for (StoredTensor tensor : stored) {
      Entry entry = Objects.requireNonNull(tensors.get(tensor.name()));
      if (!Arrays.equals(entry.shape(), tensor.shape())) {
        throw new UserError(
            source
                + ": tensor "
                + tensor.name()
                + " has the shape "
                + Arrays.toString(entry.shape())
                + " where config.json asks for "
                + Arrays.toString(tensor.shape()));
      }
      for (int i = 0; i < tensor.parts().size(); i++) {
        Weight part = tensor.parts().get(i);
        int place = i;
        parts.put(
            part.name(),
            tensor.isPlain()
                ? entry
                : new Entry(part.shape(), () -> tensor.unpack(entry.values()).get(place).values()));
      }
    }
    return weights.stream()
        .map(weight -> Objects.requireNonNull(parts.get(weight.name())))
        .toList();
  }

  /** The stored tensors of the program's, by name. */
  Map<String, Entry> pack(Map<String, Entry> parts) {
    Map<String, Entry> tensors = new LinkedHashMap<>();
    for (StoredTensor tensor : stored) {
      List<Entry> values =
          tensor.parts().stream()
              .map(part -> Objects.requireNonNull(parts.get(part.name())))
              .toList();
      tensors.put(
          tensor.name(),
          tensor.isPlain()
              ? values.getFirst()
              : new Entry(
                  tensor.shape(),
                  () -> tensor.pack(values.stream().map(Entry::values).toList()).values()));
    }
    return tensors;
  }

  /**
   * Writes tensors as float32: into one file, or into {@code model-00001-of-N.safetensors} and so
   * on with an index where they are larger than a shard. A tensor is never parted.
   *
   * @param shard greatest number of bytes in a file, unless one tensor alone is larger
   * @throws UserError where a file cannot be written
   */
  static void write(Path directory, Map<String, Entry> tensors, long shard) {
    List<Map<String, Entry>> shards = shards(tensors, shard);
    Map<String, String> metadata = Map.of("format", "pt");
    if (shards.size() == 1) {
      SafeTensors.write(directory.resolve(SINGLE), shards.getFirst(), metadata);
      return;
    }
    ObjectNode index = JsonNodeFactory.instance.objectNode();
    index
        .putObject("metadata")
        .put("total_size", tensors.values().stream().mapToLong(WeightFiles::bytes).sum());
    ObjectNode map = index.putObject("weight_map");
    for (int i = 0; i < shards.size(); i++) {
      String name =
          String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
      SafeTensors.write(directory.resolve(name), shards.get(i), metadata);
      shards.get(i).keySet().forEach(tensor -> map.put(tensor, name));
    }
    try {
      Files.writeString(directory.resolve(INDEX), index.toPrettyString() + "\n");
    } catch (IOException e) {
      throw new UserError(directory.resolve(INDEX) + ": cannot be written: " + e.getMessage(), e);
    }
  }

  private static List<Map<String, Entry>> shards(Map<String, Entry> tensors, long shard) {
    List<Map<String, Entry>> shards = new ArrayList<>();
    shards.add(new LinkedHashMap<>());
    long filled = 0;
    for (Map.Entry<String, Entry> tensor : tensors.entrySet()) {
      long size = bytes(tensor.getValue());
      if (filled > 0 && filled + size > shard) {
        shards.add(new LinkedHashMap<>());
        filled = 0;
      }
      shards.getLast().put(tensor.getKey(), tensor.getValue());
      filled += size;
    }
    return shards;
  }

  private static long bytes(Entry entry) {
    return Arrays.stream(entry.shape()).reduce(Float.BYTES, Math::multiplyExact);
  }

  private Map<String, Entry> tensors(Path source) {
    if (!source.endsWith(INDEX)) {
      return SafeTensors.open(source, name -> !format.isConstant(name)).tensors();
    }
    Map<String, Entry> tensors = new LinkedHashMap<>();
    for (String shard : shards(source)) {
      SafeTensors.open(source.resolveSibling(shard), name -> !format.isConstant(name))
          .tensors()
          .forEach(
              (name, entry) -> {
                if (tensors.put(name, entry) != null) {
                  throw new UserError(source + ": two of its files hold " + name);
                }
              });
    }
    return tensors;
  }

  private static Set<String> shards(Path index) {
    JsonNode map;
    try {
      map = new ObjectMapper().readTree(index.toFile()).path("weight_map");
    } catch (IOException e) {
      throw new UserError(index + ": cannot be read as JSON", e);
    }
    Set<String> shards = new TreeSet<>();
    for (JsonNode file : map) {
      String name = file.asText();
      if (!name.endsWith(".safetensors") || name.contains("/") || name.contains("\\")) {
        throw new UserError(index + ": '" + name + "' is no safetensors file beside it");
      }
      shards.add(name);
    }
    if (shards.isEmpty()) {
      throw new UserError(index + ": has no weight_map of tensors to files");
    }
    return shards;
  }

  /** Puts in the prefix that some files leave out. */
  private Map<String, Entry> prefixed(Map<String, Entry> tensors) {
    String prefix = format.prefix();
    if (!format.prefixIsOptional()
        || tensors.keySet().stream().anyMatch(name -> name.startsWith(prefix))) {
      return tensors;
    }
    Map<String, Entry> renamed = new LinkedHashMap<>();
    tensors.forEach(
        (name, entry) -> renamed.put(name.startsWith("lm_head.") ? name : prefix + name, entry));
    return renamed;
  }

  private void check(Path source, Map<String, Entry> tensors) {
    Set<String> missing = new LinkedHashSet<>();
    Set<String> extra = new LinkedHashSet<>(tensors.keySet());
    for (StoredTensor tensor : stored) {
      if (!extra.remove(tensor.name())) {
        missing.add(tensor.name());
      }
    }
    // Some writers store a tied output matrix beside the embedding.
    Entry embedding = tensors.get(stored.getFirst().name());
    extra.removeIf(
        name ->
            (name.equals("lm_head.weight") || name.equals("embed_out.weight"))
                && embedding != null
                && Arrays.equals(
                    embedding.values(), Objects.requireNonNull(tensors.get(name)).values()));
    if (!missing.isEmpty()) {
      throw new UserError(source + ": these tensors are missing: " + names(missing));
    }
    if (!extra.isEmpty()) {
      throw new UserError(source + ": these tensors are not of this architecture: " + names(extra));
    }
  }

  private static String names(Collection<String> names) {
    List<String> first = new ArrayList<>(names).subList(0, Math.min(NAMED, names.size()));
    String more = names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "";
    return String.join(", ", first) + more;
  }
}
