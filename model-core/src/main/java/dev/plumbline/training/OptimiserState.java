package dev.plumbline.training;

import dev.plumbline.data.UserError;
import dev.plumbline.torch.AdamW;
import dev.plumbline.torch.SafeTensors;
import dev.plumbline.torch.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The part of a checkpoint that is no model: {@code state.safetensors}. */
final class OptimiserState {
  private static final String FILE = "state.safetensors";

  private OptimiserState() {}

  /** Writes the optimisers' moments and further tensors by name. */
  static void save(Path directory, List<AdamW> optimisers, Map<String, Tensor> further) {
    Map<String, SafeTensors.Entry> entries = new LinkedHashMap<>();
    for (AdamW optimiser : optimisers) {
      optimiser.state().forEach((name, tensor) -> entries.put(name, SafeTensors.Entry.of(tensor)));
    }
    further.forEach((name, tensor) -> entries.put(name, SafeTensors.Entry.of(tensor)));
    SafeTensors.write(directory.resolve(FILE), entries, Map.of("format", "pt"));
  }

  /** Reads them back into the optimisers and tensors. */
  static void restore(Path directory, List<AdamW> optimisers, Map<String, Tensor> further) {
    Map<String, SafeTensors.Entry> entries =
        SafeTensors.open(directory.resolve(FILE), name -> true).tensors();
    optimisers.forEach(optimiser -> optimiser.restore(entries));
    restore(entries, further, directory.resolve(FILE));
  }

  private static void restore(
      Map<String, SafeTensors.Entry> entries, Map<String, Tensor> tensors, Path file) {
    tensors.forEach(
        (name, tensor) -> {
          SafeTensors.Entry entry = entries.get(name);
          if (entry == null || entry.size() != tensor.size()) {
            throw new UserError(
                "%s: tensor %s is missing or has another shape; resume from another checkpoint"
                    .formatted(file, name));
          }
          tensor.set(entry.values());
        });
  }
}
