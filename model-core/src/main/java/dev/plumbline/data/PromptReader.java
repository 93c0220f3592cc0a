package dev.plumbline.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.dialogue.Role;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads prompts for sampling: JSON Lines of {@code {"prompt": transcript}}, or comparisons, whose
 * prompts are taken. A prompt that is a dialogue ends with an open assistant turn; any other text
 * is continued as it is, which suits models that were not trained on dialogues. Each prompt stands
 * once in the result.
 */
public final class PromptReader {
  private PromptReader() {}

  /**
   * The prompts of a file, in its order, each once; of comparisons with unequal prompts none.
   *
   * @throws UserError where the file cannot be read, a line holds neither, or a dialogue does not
   *     end with {@code "\n\nAssistant:"}
   */
  public static List<String> read(Path file) {
    Set<String> prompts = new LinkedHashSet<>();
    JsonLines.read(
        file,
        new JsonLines.Visitor() {
          @Override
          public void object(long line, ObjectNode object) {
            String prompt = JsonLines.text(object, "prompt");
            String chosen = JsonLines.text(object, "chosen");
            String rejected = JsonLines.text(object, "rejected");
            if (prompt != null) {
              boolean dialogue = prompt.startsWith(Role.HUMAN.marker());
              if (dialogue && !prompt.endsWith(Role.ASSISTANT.marker())) {
                malformed(line, "the prompt does not end with two line feeds and \"Assistant:\"");
              }
              prompts.add(prompt);
            } else if (chosen != null && rejected != null) {
              ComparisonReader.Parts better = ComparisonReader.Parts.of(chosen);
              ComparisonReader.Parts worse = ComparisonReader.Parts.of(rejected);
              if (better == null || worse == null) {
                malformed(line, "a comparison that is no transcript with an assistant's turn");
              } else if (better.prompt().equals(worse.prompt())) {
                prompts.add(better.prompt());
              }
            } else {
              malformed(line, "neither \"prompt\" nor \"chosen\" and \"rejected\"");
            }
          }

          @Override
          public void malformed(long line, String reason) {
            throw new UserError(file + ":" + line + ": " + reason + "; mend or remove the line");
          }
        });
    return List.copyOf(prompts);
  }
}
