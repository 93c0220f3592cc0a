package dev.plumbline.sampledata;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.plumbline.data.Sha256;
import dev.plumbline.data.UserError;
import dev.plumbline.sampledata.SampleDataGenerator.Drawn;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Puts the shipped sample set into a workspace. Comparisons and prompts are shipped as files, so
 * that they are the same for everyone; the transcripts and the ranked pairs, which only the specs
 * of the shipped models need, are drawn again from the seed and checked against their hash.
 */
public final class SampleWorkspace {
  /** The name that the shipped study's file gives it. */
  public static final String STUDY_NAME = "sample-study";

  private static final List<String> MODEL =
      List.of("config.json", "model.safetensors", "tokenizer.json");
  private static final List<String> SPECS =
      List.of(
          "base.yaml",
          "pmp.yaml",
          "helpful-pm.yaml",
          "helpful-ppo.yaml",
          "distillation.yaml",
          "distillation-prompt.txt",
          "study.yaml");

  private SampleWorkspace() {}

  /**
   * Where everything lies.
   *
   * @param directory the sample directory of the workspace
   * @param helpfulTrain helpful comparisons
   * @param helpfulTest helpful comparisons held out
   * @param redTeamTrain red-team comparisons
   * @param redTeamTest red-team comparisons held out
   * @param promptsTrain helpful prompts
   * @param promptsTest helpful prompts held out
   * @param redTeamPromptsTrain red-team prompts
   * @param redTeamPromptsTest red-team prompts held out
   * @param ranked ranked pairs for preference model pretraining
   * @param rankedTest ranked pairs held out
   * @param transcripts text for language-model training
   * @param base directory of the base language model, or null where none is shipped
   * @param pretrainedPreferenceModel directory of the base after preference model pretraining, or
   *     null where none is shipped
   * @param baseSpec spec that trains the base model
   * @param pretrainingSpec spec of preference model pretraining
   * @param preferenceSpec spec of the helpful preference model
   * @param policySpec spec of the policy
   * @param study the two of them, one after the other
   */
  public record Installed(
      Path directory,
      Path helpfulTrain,
      Path helpfulTest,
      Path redTeamTrain,
      Path redTeamTest,
      Path promptsTrain,
      Path promptsTest,
      Path redTeamPromptsTrain,
      Path redTeamPromptsTest,
      Path ranked,
      Path rankedTest,
      Path transcripts,
      @Nullable Path base,
      @Nullable Path pretrainedPreferenceModel,
      Path baseSpec,
      Path pretrainingSpec,
      Path preferenceSpec,
      Path policySpec,
      Path study) {}

  /**
   * Writes the set to {@code workspace/sample/}. Files that are there and whole are left alone;
   * each other file appears at once, complete.
   *
   * @throws UserError where the directory cannot be written, or the installation is damaged
   */
  public static Installed install(Path workspace) {
    Path directory = workspace.resolve("sample");
    Path base;
    Path pretrained;
    try {
      Files.createDirectories(directory);
      JsonNode manifest = JsonMapper.builder().build().readTree(resource("set/README.json"));
      for (JsonNode file : manifest.path("files")) {
        String name = file.path("name").asText();
        Optional<Drawn> drawn =
            Arrays.stream(Drawn.values()).filter(one -> one.file().equals(name)).findFirst();
        if (drawn.isPresent()) {
          draw(
              drawn.get(),
              directory,
              manifest.path("seed").asLong(),
              file.path("lines").asInt(),
              file.path("content_sha256").asText());
        } else {
          byte[] content = resource("set/" + name);
          if (!Sha256.of(content).equals(file.path("sha256").asText())) {
            throw damaged(name);
          }
          put(directory.resolve(name), content);
        }
      }
      put(directory.resolve(SampleDataGenerator.MANIFEST), resource("set/README.json"));
      for (String spec : SPECS) {
        put(directory.resolve(spec), resource("specs/" + spec));
      }
      base = model(directory, "base");
      pretrained = model(directory, "pmp");
    } catch (IOException e) {
      throw SampleDataGenerator.unwritable(directory, e);
    }
    return new Installed(
        directory,
        directory.resolve("helpful-train.jsonl.gz"),
        directory.resolve("helpful-test.jsonl.gz"),
        directory.resolve("red-team-train.jsonl.gz"),
        directory.resolve("red-team-test.jsonl.gz"),
        directory.resolve("prompts-train.jsonl.gz"),
        directory.resolve("prompts-test.jsonl.gz"),
        directory.resolve("red-team-prompts-train.jsonl.gz"),
        directory.resolve("red-team-prompts-test.jsonl.gz"),
        directory.resolve(Drawn.RANKED.file()),
        directory.resolve(Drawn.RANKED_TEST.file()),
        directory.resolve(Drawn.TRANSCRIPTS.file()),
        base,
        pretrained,
        directory.resolve("base.yaml"),
        directory.resolve("pmp.yaml"),
        directory.resolve("helpful-pm.yaml"),
        directory.resolve("helpful-ppo.yaml"),
        directory.resolve("study.yaml"));
  }

  private static @Nullable Path model(Path directory, String name) throws IOException {
    if (SampleWorkspace.class.getResource("set/" + name + "/model.safetensors") == null) {
      return null;
    }
    Path target = directory.resolve(name);
    Files.createDirectories(target);
    for (String file : MODEL) {
      put(target.resolve(file), resource("set/" + name + "/" + file));
    }
    return target;
  }

  private static void draw(Drawn drawn, Path directory, long seed, int lines, String contentSha256)
      throws IOException {
    Path target = directory.resolve(drawn.file());
    if (contentSha256.equals(content(target))) {
      return;
    }
    Path staging = directory.resolve("." + drawn.file() + ".tmp");
    SampleDataGenerator.deleteTree(staging);
    Files.createDirectory(staging);
    try {
      SampleDataGenerator.Written written = SampleDataGenerator.write(staging, seed, drawn, lines);
      if (!written.contentSha256().equals(contentSha256)) {
        throw damaged(drawn.file());
      }
      Files.move(staging.resolve(drawn.file()), target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      SampleDataGenerator.deleteTree(staging);
    }
  }

  /** Hash of a gzip file's content; empty where there is no whole gzip file. */
  private static String content(Path file) {
    if (!Files.isRegularFile(file)) {
      return "";
    }
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file), 1 << 16)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      int count;
      while ((count = in.read(buffer)) >= 0) {
        digest.update(buffer, 0, count);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      return "";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static void put(Path target, byte[] content) throws IOException {
    if (Files.isRegularFile(target) && Sha256.of(target).equals(Sha256.of(content))) {
      return;
    }
    Path temporary = target.resolveSibling("." + target.getFileName() + ".tmp");
    try {
      Files.write(temporary, content);
      Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  static byte[] resource(String name) throws IOException {
    try (InputStream in = SampleWorkspace.class.getResourceAsStream(name)) {
      if (in == null) {
        throw damaged(name);
      }
      return in.readAllBytes();
    }
  }

  private static UserError damaged(String name) {
    return new UserError(
        "the program's own sample file " + name + " is damaged or absent; install Plumbline again");
  }
}
