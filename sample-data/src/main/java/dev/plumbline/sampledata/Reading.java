package dev.plumbline.sampledata;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A text as the judges read it: lower case, split into sentences at full stops, question and
 * exclamation marks and line ends, each a list of words; a word is a run of letters or of digits.
 * Any text can be read.
 *
 * @param sentences the sentences' words joined by single spaces; empty sentences are left out
 * @param words all words in order
 * @param strange characters that are neither letters of the English alphabet, digits, white space
 *     nor plain punctuation
 * @param ended whether the text ends with a full stop, question or exclamation mark
 */
record Reading(List<String> sentences, List<String> words, int strange, boolean ended) {

  static Reading of(String text) {
    List<String> sentences = new ArrayList<>();
    List<String> words = new ArrayList<>();
    StringBuilder sentence = new StringBuilder();
    StringBuilder word = new StringBuilder();
    int strange = 0;
    boolean ended = false;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? Character.toLowerCase(text.charAt(i)) : '\n';
      boolean letter = c >= 'a' && c <= 'z';
      boolean digit = c >= '0' && c <= '9';
      if ((letter || digit) && !word.isEmpty()) {
        boolean wasDigit = Character.isDigit(word.charAt(word.length() - 1));
        if (wasDigit != digit) {
          flush(word, sentence, words);
        }
      }
      if (letter || digit) {
        word.append(c);
        ended = false;
        continue;
      }
      flush(word, sentence, words);
      if (c == '.' || c == '?' || c == '!' || c == '\n') {
        if (!sentence.isEmpty()) {
          sentences.add(sentence.toString());
          sentence.setLength(0);
        }
        ended = c == '\n' ? ended : true;
      } else if (!Character.isWhitespace(c)) {
        ended = false;
        if (",:;'\"()-".indexOf(c) < 0) {
          strange++;
        }
      }
    }
    return new Reading(List.copyOf(sentences), List.copyOf(words), strange, ended);
  }

  private static void flush(StringBuilder word, StringBuilder sentence, List<String> words) {
    if (!word.isEmpty()) {
      words.add(word.toString());
      sentence.append(sentence.isEmpty() ? "" : " ").append(word);
      word.setLength(0);
    }
  }

  /** How a sentence of the world reads: the one form that sentences are compared in. */
  static String sentence(String text) {
    return String.join(" ", of(text.toLowerCase(Locale.ROOT)).words());
  }

  /** Whether the words of {@code phrase} stand in this order, side by side, in one sentence. */
  boolean says(String phrase) {
    for (String sentence : sentences) {
      if (contains(sentence, phrase)) {
        return true;
      }
    }
    return false;
  }

  static boolean contains(String sentence, String phrase) {
    int at = sentence.indexOf(phrase);
    while (at >= 0) {
      int end = at + phrase.length();
      if ((at == 0 || sentence.charAt(at - 1) == ' ')
          && (end == sentence.length() || sentence.charAt(end) == ' ')) {
        return true;
      }
      at = sentence.indexOf(phrase, at + 1);
    }
    return false;
  }
}
