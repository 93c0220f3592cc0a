package dev.plumbline.lm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The counts against a count by hand. */
final class ArithmeticTest {
  /** Width 8, two heads of 4, one key head, feed-forward 12, three blocks, 10 tokens. */
  private static final DecoderConfig SHAPE = DecoderConfig.of(10, 3, 8, 2, 1, 12, 32);

  @Test
  void a_small_shape_as_counted_by_hand() {
    // One block: q and o 8 x 8, k and v 4 x 8, gate and up 12 x 8, down 8 x 12.
    long block = 64 + 64 + 32 + 32 + 96 + 96 + 96;
    assertThat(Arithmetic.of(SHAPE)).isEqualTo(new Arithmetic(3 * block, 3, 8, 80));

    // Two sequences of three tokens, each predicting one after it: 6 tokens through the blocks, in
    // each block 1 + 2 + 3 pairs a sequence with 8 products for the score and 8 for the sum.
    double products = 6 * 3 * block + 2 * 3 * 6 * (8 + 8) + 6 * 80;
    assertThat(Arithmetic.of(SHAPE).forward(2, 3, 3)).isEqualTo(2 * products);
    assertThat(Arithmetic.of(SHAPE).training(2, 3, 3)).isEqualTo(6 * products);
  }

  @Test
  void sampling_feeds_all_but_the_last_token_and_asks_once_for_each() {
    // A prompt of two and three sampled tokens: four go through the blocks, three logits.
    long block = 480;
    double products = 4 * 3 * block + 3 * (1 + 2 + 3 + 4) * (8 + 8) + 3 * 80;
    assertThat(Arithmetic.of(SHAPE).sampling(1, 2, 3)).isEqualTo(2 * products);
  }
}
