package dev.plumbline.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.lm.Arithmetic;
import org.junit.jupiter.api.Test;

/** The elements of the blocks' matrices that the sizes are named after. */
final class DecoderSizeTest {
  @Test
  void the_sizes_are_what_they_are_called() {
    assertThat(Arithmetic.of(DecoderSize.SMALL.config()).blockElements()).isEqualTo(802_816);
    assertThat(Arithmetic.of(DecoderSize.MIDDLE.config()).blockElements()).isEqualTo(3_162_112);
    assertThat(Arithmetic.of(DecoderSize.LARGE.config()).blockElements()).isEqualTo(12_648_448);
    assertThat(Arithmetic.of(DecoderSize.LARGEST.config()).blockElements()).isEqualTo(42_467_328);
  }
}
