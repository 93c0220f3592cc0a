package dev.plumbline.lm;

import dev.plumbline.lm.DecoderConfig.Weight;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Fills a program's template in: words in capitals are a shape's numbers, names in braces are
 * places in the parameter list. A name within a block stands for its distance from the block's
 * first tensor, which is number FIRST + STRIDE * i of block i.
 */
final class ProgramText {
  private static final Pattern HOLE = Pattern.compile("\\{([a-z_.]+)}|\\b[A-Z][A-Z_]+\\b");
  private static final String BLOCK = "model.layers.0.";

  private final Map<String, String> words;
  private final Map<String, Integer> places;

  private ProgramText(Map<String, String> words, Map<String, Integer> places) {
    this.words = words;
    this.places = places;
  }

  /** The text of a shape, with its adapters if it has any. */
  static ProgramText of(DecoderConfig config, ComputeOptions compute, @Nullable Lora lora) {
    List<String> names = config.weights().stream().map(Weight::name).toList();
    int stride = (int) names.stream().filter(name -> name.startsWith(BLOCK)).count();
    int first = names.indexOf(BLOCK + "input_layernorm.weight");
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (name.startsWith(BLOCK)) {
        places.put(name.substring(BLOCK.length()), i - first);
      } else {
        places.put(name, i);
      }
    }
    List<String> adapters =
        lora == null ? List.of() : lora.weights(config).stream().map(Weight::name).toList();
    for (int i = 0; i < adapters.size() && adapters.get(i).startsWith(BLOCK); i++) {
      places.put(adapters.get(i).substring(BLOCK.length()), i);
    }
    Map<String, String> words = new HashMap<>();
    words.put("narrow", compute.precision().narrow());
    words.put("wide", compute.precision().wide());
    words.put("ADAPTERS", Integer.toString(names.size()));
    words.put("ADAPTER_STRIDE", Integer.toString(adapters.size() / config.layers()));
    words.put("LORA_SCALE", lora == null ? "1.0" : Double.toString(lora.scale()));
    words.put("THRESHOLD", Long.toString(Math.round(compute.dropout() * (1 << 24))));
    words.put("KEPT_SCALE", Double.toString(1 / (1 - compute.dropout())));
    words.put("FIRST", Integer.toString(first));
    words.put("STRIDE", Integer.toString(stride));
    words.put("LAYERS", Integer.toString(config.layers()));
    words.put("WIDTH", Integer.toString(config.dModel()));
    words.put("HEADS", Integer.toString(config.heads()));
    words.put("KV_HEADS", Integer.toString(config.kvHeads()));
    words.put("GROUP", Integer.toString(config.heads() / config.kvHeads()));
    words.put("HEAD", Integer.toString(config.headWidth()));
    words.put("ATTENTION", Integer.toString(config.attentionWidth()));
    words.put("VOCABULARY", Integer.toString(config.vocabularySize()));
    words.put("EPSILON", Double.toString(config.options().normEpsilon()));
    words.put("WINDOW", Integer.toString(config.options().slidingWindow()));
    words.put("EMBEDDING_SCALE", Double.toString(config.options().embeddingScale()));
    if (config.options().positions() instanceof Positions.Rotary rotary) {
      int turned = rotary.width(config.headWidth());
      words.put("THETA", Double.toString(rotary.theta()));
      words.put("ROTARY", Integer.toString(turned));
      words.put("PAIRS", Integer.toString(turned / 2));
      words.put(
          "FACTORS",
          Arrays.stream(rotary.factors(config.headWidth()))
              .mapToObj(Double::toString)
              .collect(Collectors.joining(", ")));
    }
    return new ProgramText(words, places);
  }

  /**
   * The template with everything filled in.
   *
   * @throws IllegalArgumentException where it names what the shape does not have
   */
  String fill(String template) {
    return HOLE.matcher(template).replaceAll(hole -> Matcher.quoteReplacement(value(hole)));
  }

  private String value(MatchResult hole) {
    String name = hole.group(1) == null ? hole.group() : hole.group(1);
    Object value = words.containsKey(name) ? words.get(name) : places.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the decoder's program has no " + hole.group());
    }
    return value.toString();
  }
}
