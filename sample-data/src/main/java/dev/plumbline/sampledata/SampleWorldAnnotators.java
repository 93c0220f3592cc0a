package dev.plumbline.sampledata;

import dev.plumbline.evaluation.AnnotatorPanel;
import dev.plumbline.training.GoldReward;
import java.util.Optional;

/** Offers the annotators of the world to stages that gather comparisons. */
public final class SampleWorldAnnotators implements AnnotatorPanel {
  /** For the service loader. */
  public SampleWorldAnnotators() {}

  @Override
  public Optional<Panel> panel(String name) {
    return new SampleWorldGold().judge(name).map(Judges::new);
  }

  /** The twelve of them, by one gold reward. */
  private record Judges(GoldReward.Judge reward) implements Panel {
    @Override
    public Judgement judge(String prompt, String left, String right, long seed) {
      Dice dice = Dice.of(seed, "judgement", 0);
      Annotator annotator = Annotator.draw(dice);
      Annotator.Choice choice = annotator.choose(gold(prompt, left), gold(prompt, right), dice);
      return new Judgement(annotator.id(), choice.left(), choice.strength());
    }

    @Override
    public double gold(String prompt, String response) {
      return reward.reward(prompt, response);
    }
  }
}
