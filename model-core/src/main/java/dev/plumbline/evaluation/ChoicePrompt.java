package dev.plumbline.evaluation;

import dev.plumbline.data.ChoiceItem;
import java.util.List;

/**
 * Multiple-choice questions as prompts and completions. A prompt ends where the answer begins, so a
 * completion begins with the space that is there in text and transcripts, and without one in a chat
 * template.
 *
 * @param format how a question becomes a prompt
 * @param layout what is shown and what is completed
 */
record ChoicePrompt(MultipleChoiceSettings.Format format, MultipleChoiceSettings.Layout layout) {
  private static final int LETTERS = 26;

  /**
   * A question with its options in the order in which they are listed.
   *
   * @param item the question
   * @param order for each place the number of the option that stands there
   */
  record Shown(ChoiceItem item, List<Integer> order) {}

  /** The text that an answer follows: questions with their answers, then a question without. */
  String prompt(List<Shown> shots, Shown asked) {
    StringBuilder text = new StringBuilder();
    for (Shown shot : shots) {
      text.append(question(shot)).append(' ').append(answer(shot, shot.item().answer()));
      text.append(format == MultipleChoiceSettings.Format.TEXT ? "\n\n" : "");
    }
    return text.append(question(asked)).toString();
  }

  /** What follows the prompt if the model chooses an option. */
  String completion(Shown asked, int option) {
    String answer = answer(asked, option);
    return format == MultipleChoiceSettings.Format.CHAT_TEMPLATE ? answer : " " + answer;
  }

  /** The prompt without a question. */
  String unconditional() {
    return switch (format) {
      case TEXT -> "Answer:";
      case HH, CHAT_TEMPLATE -> "\n\nHuman:\n\nAssistant:";
    };
  }

  private String question(Shown shown) {
    StringBuilder text = new StringBuilder(shown.item().question());
    if (layout != MultipleChoiceSettings.Layout.PLAIN) {
      for (int place = 0; place < shown.order().size(); place++) {
        text.append('\n').append(letter(place)).append(' ');
        text.append(shown.item().choices().get(shown.order().get(place)));
      }
    }
    return switch (format) {
      case TEXT -> "Question: " + text + "\nAnswer:";
      case HH, CHAT_TEMPLATE -> "\n\nHuman: " + text + "\n\nAssistant:";
    };
  }

  private String answer(Shown shown, int option) {
    return layout == MultipleChoiceSettings.Layout.LETTERS
        ? letter(shown.order().indexOf(option))
        : shown.item().choices().get(option);
  }

  private static String letter(int place) {
    return place < LETTERS ? "(" + (char) ('A' + place) + ")" : "(" + (place + 1) + ")";
  }
}
