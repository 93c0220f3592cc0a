package dev.plumbline.sampledata;

import java.util.Map;
import java.util.Optional;

/** Finds a request among the forms that a domain knows. */
final class Requests {
  private Requests() {}

  /** The last sentence of the text that is one of the forms, or ends with one. */
  static Optional<Question> last(Reading text, Map<String, ? extends Question> forms) {
    for (int i = text.sentences().size() - 1; i >= 0; i--) {
      String sentence = text.sentences().get(i);
      // A courtesy may stand before the request in the same sentence: drop words from the left.
      int from = 0;
      while (from >= 0) {
        Question question = forms.get(sentence.substring(from));
        if (question != null) {
          return Optional.of(question);
        }
        int space = sentence.indexOf(' ', from);
        from = space < 0 ? -1 : space + 1;
      }
    }
    return Optional.empty();
  }
}
