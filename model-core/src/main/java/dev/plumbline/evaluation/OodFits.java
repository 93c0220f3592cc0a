package dev.plumbline.evaluation;

import dev.plumbline.analysis.Mahalanobis;
import dev.plumbline.data.UserError;
import dev.plumbline.torch.SafeTensors;
import dev.plumbline.torch.SafeTensors.Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The distributions that an out-of-distribution measurement fitted on its first split, as {@code
 * distribution.safetensors} in its run directory: for layer k, from 1, {@code layer.k.mean} (d) and
 * {@code layer.k.factor} (d (d + 1) / 2, the lower triangle of the Cholesky factor of the shrunk
 * covariance, row by row). The file holds float32; what they leave of a number stands in a tensor
 * of the same name with {@code .rest} behind it, and the sum of both is the number to 48 bits.
 */
final class OodFits {
  /** The file's name. */
  static final String FILE = "distribution.safetensors";

  /** Beyond this many bytes nothing is kept, and who needs the fit makes it again. */
  private static final long MOST = 1L << 29;

  private OodFits() {}

  /** Writes the fits of all layers; nothing where they would be larger than half a gigabyte. */
  static void write(Path directory, List<Mahalanobis> layers) {
    Map<String, Entry> tensors = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    long width = layers.getFirst().width();
    if (8L * layers.size() * width * (width + 3) / 2 > MOST) {
      return;
    }
    for (int i = 0; i < layers.size(); i++) {
      Mahalanobis fit = layers.get(i);
      String name = "layer." + (i + 1);
      add(tensors, name + ".mean", fit.mean());
      add(tensors, name + ".factor", fit.factor());
      metadata.put(name + ".n", Integer.toString(fit.n()));
      metadata.put(name + ".shrinkage", Double.toString(fit.shrinkage()));
      metadata.put(name + ".condition", Double.toString(fit.conditionNumber()));
    }
    metadata.put("layers", Integer.toString(layers.size()));
    SafeTensors.write(directory.resolve(FILE), tensors, metadata);
  }

  private static void add(Map<String, Entry> tensors, String name, double[] values) {
    float[] most = new float[values.length];
    float[] rest = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      most[i] = (float) values[i];
      rest[i] = (float) (values[i] - most[i]);
    }
    long[] shape = {values.length};
    tensors.put(name, new Entry(shape, most));
    tensors.put(name + ".rest", new Entry(shape, rest));
  }

  /**
   * The fits of all layers; empty where the run wrote none.
   *
   * @throws UserError where the file is damaged
   */
  static Optional<List<Mahalanobis>> read(Path directory) {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    SafeTensors.Contents contents = SafeTensors.read(file);
    try {
      Map<String, String> metadata = contents.metadata();
      List<Mahalanobis> layers = new ArrayList<>();
      int count = Integer.parseInt(metadata.getOrDefault("layers", ""));
      for (int i = 1; i <= count; i++) {
        String name = "layer." + i;
        layers.add(
            Mahalanobis.of(
                Integer.parseInt(metadata.getOrDefault(name + ".n", "")),
                Double.parseDouble(metadata.getOrDefault(name + ".shrinkage", "")),
                Double.parseDouble(metadata.getOrDefault(name + ".condition", "")),
                values(contents, name + ".mean"),
                values(contents, name + ".factor")));
      }
      return Optional.of(List.copyOf(layers));
    } catch (IllegalArgumentException e) {
      throw new UserError(
          "%s holds no fits: %s; remove it, and they are made again"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static double[] values(SafeTensors.Contents contents, String name) {
    Entry most = contents.tensors().get(name);
    Entry rest = contents.tensors().get(name + ".rest");
    if (most == null || rest == null || most.size() != rest.size()) {
      throw new IllegalArgumentException("no " + name);
    }
    float[] high = most.values();
    float[] low = rest.values();
    return IntStream.range(0, high.length).mapToDouble(i -> (double) high[i] + low[i]).toArray();
  }
}
