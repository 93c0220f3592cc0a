package dev.plumbline.data;

import java.util.HashSet;
import java.util.List;

/**
 * A multiple-choice question.
 *
 * @param line its line in the file, from 1
 * @param question the question, with what has to be read before it
 * @param choices the options, at least two, no two alike
 * @param answer number of the right one, from 0
 * @param group kind of question that accuracies are told by, such as a category; empty for none
 * @param cluster questions that depend on each other, such as those of one template, have it in
 *     common; empty where the question stands for itself
 */
public record ChoiceItem(
    long line, String question, List<String> choices, int answer, String group, String cluster) {
  /** Refuses what is no question. */
  public ChoiceItem {
    choices = List.copyOf(choices);
    if (choices.size() < 2 || new HashSet<>(choices).size() < choices.size()) {
      throw new IllegalArgumentException("a question has at least two options, no two alike");
    }
    if (answer < 0 || answer >= choices.size()) {
      throw new IllegalArgumentException("the answer is none of the options");
    }
  }
}
