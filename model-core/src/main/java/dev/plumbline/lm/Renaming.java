package dev.plumbline.lm;

import dev.plumbline.lm.DecoderConfig.Weight;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A family's names of tensors that differ from a Llama's. */
final class Renaming {
  private static final Pattern LAYER = Pattern.compile("model\\.layers\\.(\\d+)\\.(.+)");

  private final String layers;
  private final Map<String, String> names;

  /**
   * @param layers what comes before a layer's number
   * @param names a Llama's names to the family's, without ".weight" or ".bias", those in a layer
   *     without what comes before and with its number
   */
  Renaming(String layers, Map<String, String> names) {
    this.layers = layers;
    this.names = names;
  }

  /** The family's name of a tensor. */
  String of(String name) {
    Matcher layer = LAYER.matcher(name);
    boolean inLayer = layer.matches();
    String rest = inLayer ? layer.group(2) : name;
    int dot = rest.lastIndexOf('.');
    String base = rest.substring(0, dot);
    String renamed = names.getOrDefault(base, base) + rest.substring(dot);
    return inLayer ? layers + layer.group(1) + "." + renamed : renamed;
  }

  /** Whether a tensor is the query's: the first of three that some families keep in one. */
  static boolean isQuery(Weight weight) {
    return weight.name().contains(".q_proj.");
  }

  static boolean isKeyOrValue(Weight weight) {
    return weight.name().contains(".k_proj.") || weight.name().contains(".v_proj.");
  }

  /** The query, key and value tensors that belong to a query's. */
  static List<Weight> queryKeyValue(Weight query, List<Weight> all) {
    List<String> names =
        List.of(
            query.name(),
            query.name().replace(".q_proj.", ".k_proj."),
            query.name().replace(".q_proj.", ".v_proj."));
    return all.stream().filter(weight -> names.contains(weight.name())).toList();
  }
}
