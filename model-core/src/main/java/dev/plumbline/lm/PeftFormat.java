package dev.plumbline.lm;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.data.UserError;
import dev.plumbline.torch.SafeTensors;
import dev.plumbline.torch.SafeTensors.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Adapters as PEFT keeps them: {@code adapter_config.json} and {@code adapter_model.safetensors},
 * whose tensors are named {@code base_model.model.MODULE.lora_A.weight} and {@code lora_B} after
 * the family's own modules; a head that is trained beside them stands there whole.
 *
 * <p>Where a family keeps queries, keys and values in one matrix (GPT-2, GPT-NeoX), their adapters
 * are put together as the matrices are: the A's one above the other, the B's along a diagonal and
 * then in the stored order of rows; rank and alpha of that module are three times those of the
 * others ({@code rank_pattern}, {@code alpha_pattern}), which leaves alpha / rank as it is.
 */
final class PeftFormat {
  private static final String PREFIX = "base_model.model.";

  private final DecoderConfig config;
  private final Lora lora;

  PeftFormat(DecoderConfig config, Lora lora) {
    this.config = config;
    this.lora = lora;
  }

  /** An adapter as PEFT holds it. */
  private record Module(String name, int rank, Entry a, Entry b) {}

  /**
   * Writes the folder.
   *
   * @param entries the adapters' tensors by their names here, and those of a head
   * @throws UserError where it cannot be written
   */
  void write(Path directory, ModelFamily.Head head, Map<String, Entry> entries) {
    Map<String, Entry> tensors = new LinkedHashMap<>();
    Map<String, Integer> ranks = new HashMap<>();
    Set<String> targets = new TreeSet<>();
    boolean transposed = false;
    for (StoredTensor stored : ModelFamily.stored(config)) {
      List<String> modules =
          stored.parts().stream().map(part -> part.name().replaceFirst("\\.weight$", "")).toList();
      if (modules.stream().noneMatch(module -> entries.containsKey(module + ".lora_a.weight"))) {
        continue;
      }
      Module module = module(stored, modules, entries);
      tensors.put(PREFIX + module.name() + ".lora_A.weight", module.a());
      tensors.put(PREFIX + module.name() + ".lora_B.weight", module.b());
      String last = module.name().substring(module.name().lastIndexOf('.') + 1);
      String target = ambiguous(last) ? module.name().replaceFirst("^.*\\.\\d+\\.", "") : last;
      targets.add(target);
      ranks.put(target, module.rank());
      transposed |= stored.packing() instanceof StoredTensor.Transposed;
    }
    entries.forEach(
        (name, entry) -> {
          if (!name.contains(".lora_")) {
            tensors.put(PREFIX + name, entry);
          }
        });
    try {
      Files.createDirectories(directory);
      JsonMapper json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
      Files.writeString(
          directory.resolve("adapter_config.json"),
          json.writeValueAsString(json(head, targets, ranks, transposed)) + "\n");
    } catch (IOException e) {
      throw new UserError(directory + ": cannot be written: " + e.getMessage(), e);
    }
    SafeTensors.write(
        directory.resolve("adapter_model.safetensors"), tensors, Map.of("format", "pt"));
  }

  /** GPT-2 has a c_proj in its attention and another in its feed-forward layer. */
  private static boolean ambiguous(String name) {
    return name.equals("c_proj");
  }

  private ObjectNode json(
      ModelFamily.Head head, Set<String> targets, Map<String, Integer> ranks, boolean transposed) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    boolean classifier = head == ModelFamily.Head.PREFERENCE_MODEL;
    json.put("peft_type", "LORA");
    json.put("task_type", classifier ? "SEQ_CLS" : "CAUSAL_LM");
    json.putNull("base_model_name_or_path");
    json.put("r", lora.rank());
    json.put("lora_alpha", lora.alpha());
    json.put("lora_dropout", 0.0);
    json.put("bias", "none");
    json.put("fan_in_fan_out", transposed);
    json.put("inference_mode", true);
    ArrayNode names = json.putArray("target_modules");
    targets.forEach(names::add);
    ObjectNode rankPattern = json.putObject("rank_pattern");
    ObjectNode alphaPattern = json.putObject("alpha_pattern");
    for (String target : targets) {
      int rank = ranks.getOrDefault(target, lora.rank());
      if (rank != lora.rank()) {
        rankPattern.put(target, rank);
        alphaPattern.put(target, lora.scale() * rank);
      }
    }
    if (classifier) {
      json.putArray("modules_to_save").add("score");
    } else {
      json.putNull("modules_to_save");
    }
    return json;
  }

  private Module module(StoredTensor stored, List<String> modules, Map<String, Entry> entries) {
    String name = stored.name().replaceFirst("\\.weight$", "");
    List<float[]> above = new ArrayList<>();
    int in = 0;
    int rank = 0;
    for (String module : modules) {
      Entry a = entries.get(module + ".lora_a.weight");
      if (a != null) {
        above.add(a.values());
        in = (int) a.shape()[1];
        rank += lora.rank();
      }
    }
    float[] a = new float[rank * in];
    int at = 0;
    for (float[] part : above) {
      System.arraycopy(part, 0, a, at, part.length);
      at += part.length;
    }
    // Rows of B lie as the matrix's rows do, so the matrix's own packing orders them.
    List<float[]> parts = new ArrayList<>();
    List<DecoderConfig.Weight> shapes = new ArrayList<>();
    int column = 0;
    for (int i = 0; i < modules.size(); i++) {
      int rows = (int) stored.parts().get(i).shape()[0];
      float[] wide = new float[rows * rank];
      Entry b = entries.get(modules.get(i) + ".lora_b.weight");
      if (b != null) {
        for (int row = 0; row < rows; row++) {
          System.arraycopy(b.values(), row * lora.rank(), wide, row * rank + column, lora.rank());
        }
        column += lora.rank();
      }
      parts.add(wide);
      shapes.add(new DecoderConfig.Weight(modules.get(i), rows, rank));
    }
    StoredTensor.Packing packing =
        stored.packing() instanceof StoredTensor.Transposed
            ? new StoredTensor.Rows()
            : stored.packing();
    Entry b = new StoredTensor(name, packing, shapes).pack(parts);
    return new Module(name, rank, new Entry(new long[] {rank, in}, a), b);
  }
}
