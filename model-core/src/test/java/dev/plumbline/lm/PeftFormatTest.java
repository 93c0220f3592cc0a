package dev.plumbline.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.data.UserError;
import dev.plumbline.torch.SafeTensors;
import dev.plumbline.torch.SafeTensors.Entry;
import dev.plumbline.torch.Tensor;
import dev.plumbline.torch.TorchRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Adapters in PEFT's form, put into the base's files by PEFT's rule: a module's weight becomes
 * {@code W + (alpha / r) B A}, transposed where {@code fan_in_fan_out} says that weights are. The
 * result has to be the merged model that is written beside them.
 */
final class PeftFormatTest {
  private static TorchRuntime runtime;
  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    runtime = TorchRuntime.start(1);
  }

  @AfterAll
  static void close() {
    runtime.close();
  }

  static List<String> families() throws IOException {
    return GoldenFamilies.names();
  }

  /** All tensors of a folder, whether in one file or in shards. */
  private static Map<String, Entry> tensors(Path directory) throws IOException {
    Map<String, Entry> all = new java.util.TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".safetensors")).toList()) {
        if (!file.endsWith("expected.safetensors")) {
          all.putAll(SafeTensors.read(file).tensors());
        }
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("families")
  void adaptersActOnTheFamilysOwnModules(String family) throws IOException {
    Path base = GoldenFamilies.copy(runtime, family, folder);
    Path merged = folder.resolve("merged");
    Path adapter = folder.resolve("adapter");
    Lora lora =
        new Lora(
            2,
            3,
            family.contains("gpt")
                ? EnumSet.of(Lora.Target.Q_PROJ, Lora.Target.V_PROJ, Lora.Target.DOWN_PROJ)
                : EnumSet.allOf(Lora.Target.class));
    try (LanguageModel model = LanguageModel.load(runtime, base);
        LanguageModel adapted = model.adapted(lora, 4)) {
      for (int i = model.parameters().size(); i < adapted.parameters().size(); i++) {
        Tensor tensor = adapted.parameters().get(i);
        float[] values = tensor.toFloats();
        for (int j = 0; j < values.length; j++) {
          values[j] = (float) Randomness.gaussian(9, i, j);
        }
        tensor.set(values);
      }
      adapted.save(merged);
      adapted.saveAdapter(adapter);
    }
    JsonNode config = new ObjectMapper().readTree(adapter.resolve("adapter_config.json").toFile());
    Map<String, Entry> adapters = tensors(adapter);
    Map<String, Entry> before = tensors(base);
    Set<String> changed = new HashSet<>();
    Map<String, Entry> after = tensors(merged);
    for (String name : adapters.keySet()) {
      if (name.endsWith(".lora_A.weight")) {
        String module = name.replace("base_model.model.", "").replace(".lora_A.weight", "");
        Entry b = get(adapters, name.replace("lora_A", "lora_B"));
        String stored = stored(before, module);
        check(
            config,
            module,
            get(adapters, name),
            b,
            get(before, stored),
            get(after, stored(after, module)));
        changed.add(module);
      }
    }
    assertThat(changed).isNotEmpty();
    for (String name : after.keySet()) {
      if (!changed.contains(name.replace(".weight", "")) && before.containsKey(name)) {
        assertThat(get(after, name).values()).as(name).isEqualTo(get(before, name).values());
      }
    }
  }

  /** Files of a family may leave the model's prefix out. */
  private static String stored(Map<String, Entry> tensors, String module) {
    String name = module + ".weight";
    return tensors.containsKey(name) ? name : name.replaceFirst("^[a-z_]+\\.", "");
  }

  private static Entry get(Map<String, Entry> tensors, String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }

  private static void check(
      JsonNode config, String module, Entry a, Entry b, Entry before, Entry after) {
    int rank = (int) a.shape()[0];
    int in = (int) a.shape()[1];
    int out = (int) b.shape()[0];
    assertThat(b.shape()[1]).isEqualTo(rank);
    String target = null;
    for (JsonNode name : config.path("target_modules")) {
      if (module.endsWith("." + name.asText())) {
        target = name.asText();
      }
    }
    assertThat(target).as("target of " + module).isNotNull();
    assertThat(config.path("rank_pattern").path(target).asInt(config.path("r").asInt()))
        .isEqualTo(rank);
    double alpha =
        config.path("alpha_pattern").path(target).asDouble(config.path("lora_alpha").asDouble());
    boolean transposed = config.path("fan_in_fan_out").asBoolean();
    float[] expected = before.values().clone();
    for (int o = 0; o < out; o++) {
      for (int i = 0; i < in; i++) {
        double sum = 0;
        for (int r = 0; r < rank; r++) {
          sum += (double) b.values()[o * rank + r] * a.values()[r * in + i];
        }
        expected[transposed ? i * out + o : o * in + i] += (float) (alpha / rank * sum);
      }
    }
    assertThat(after.values()).as(module).containsExactly(expected, within(1e-4f));
  }

  @Test
  void targetsThatAFamilyLacksAreNamed() throws IOException {
    Path base = GoldenFamilies.copy(runtime, "gpt2", folder);
    try (LanguageModel model = LanguageModel.load(runtime, base)) {
      Lora lora = new Lora(2, 3, EnumSet.of(Lora.Target.GATE_PROJ));
      assertThatThrownBy(() -> model.adapted(lora, 1))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("no gate_proj");
    }
  }
}
