package dev.plumbline.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import dev.plumbline.data.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The spec of a new run that begins with the model of another run's checkpoint, as text to be
 * changed. Weights alone are taken over: the optimiser begins anew, and the KL of a policy is
 * measured from the model that it begins with.
 */
public final class BranchSpec {
  private static final ObjectMapper YAML =
      new ObjectMapper(
          new YAMLFactory()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
              .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS));

  /** Where each stage names the model that it begins with. */
  private static final Map<String, String> BEGINNINGS =
      Map.of("rlhf", "policy", "preference", "base", "context_distillation", "student");

  private static final List<String> WRITTEN =
      List.of("inputs", "spec_hash", "created", "program", "plumbline", "resolved");

  private static final Pattern CHECKPOINT =
      Pattern.compile(".*/runs/([^/]+)/checkpoints/(\\d{1,18})/model/?");

  private BranchSpec() {}

  /** The key that names the model a stage begins with; empty where it begins with none. */
  public static Optional<String> beginning(String stage) {
    return Optional.ofNullable(BEGINNINGS.get(stage)).map(key -> stage + "." + key);
  }

  /**
   * The text of such a spec in YAML, with every key of the run that it branches from.
   *
   * @throws UserError where the stage begins with no model, or the spec cannot be read
   */
  public static String text(RunDirectory run, long step) {
    ExperimentSpec spec = run.spec().spec();
    String key = BEGINNINGS.get(spec.stage());
    if (key == null) {
      throw new UserError(
          "a run of the stage %s begins with no model, so none can branch from %s"
              .formatted(spec.stage(), run.id()));
    }
    String reference = RunReference.PREFIX + run.id() + "@" + step;
    return changed(run, spec, "-branch-" + step, stage -> ((ObjectNode) stage).put(key, reference));
  }

  /**
   * The text of a spec that does what a run does, with every key of it and models by the names of
   * their runs.
   *
   * @throws UserError where the run's spec cannot be read
   */
  public static String copy(RunDirectory run) {
    return changed(run, run.spec().spec(), "", _ -> {});
  }

  private static String changed(
      RunDirectory run, ExperimentSpec spec, String suffix, Consumer<JsonNode> change) {
    try {
      ObjectNode root = (ObjectNode) YAML.readTree(Files.readAllBytes(run.specFile()));
      root.remove(WRITTEN);
      String name = spec.name();
      root.put("name", name.substring(0, Math.min(name.length(), 80 - suffix.length())) + suffix);
      JsonNode stage = root.get(spec.stage());
      named(stage);
      change.accept(stage);
      return YAML.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new UserError(run.specFile() + " is damaged: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UserError("cannot read " + run.specFile() + ": " + e.getMessage(), e);
    }
  }

  /** Checkpoints of runs by their names instead of their paths; what is null goes. */
  private static void named(JsonNode node) {
    if (node instanceof ObjectNode object) {
      List<String> keys = object.propertyStream().map(Map.Entry::getKey).toList();
      for (String key : keys) {
        JsonNode value = object.get(key);
        if (value.isNull()) {
          object.remove(key);
        } else if (value.isTextual()) {
          object.put(key, named(value.asText()));
        } else {
          named(value);
        }
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        if (array.get(i).isTextual()) {
          array.set(i, named(array.get(i).asText()));
        } else {
          named(array.get(i));
        }
      }
    }
  }

  private static String named(String text) {
    Matcher matcher = CHECKPOINT.matcher(text);
    return matcher.matches()
        ? RunReference.PREFIX + matcher.group(1) + "@" + matcher.group(2)
        : text;
  }
}
