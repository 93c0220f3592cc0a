package dev.plumbline.sampledata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.plumbline.training.GoldReward;
import java.util.List;
import java.util.ServiceLoader;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every expected value here was worked by hand from the formulas of WORLD.md. */
class GoldTest {
  private static String prompt(String request) {
    return "\n\nHuman: " + request + "\n\nAssistant:";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "what is 3 plus 4? | 3 plus 4 is 7. | 1.6",
        "hello. how much is 3 plus 4? | 7. | 1.6",
        "what is 3 plus 4? | 3 plus 4 is 8. | -0.5",
        "what is 3 plus 4? | 3 plus 4 is 7 | 1.3",
        "what is 3 plus 4? | zyx 7. | 0.1",
        "what is 3 plus 4? | 7. 7. 7. | 0.6",
        "what is 3 plus 4? | of course! 3 plus 4 is 7. you can check that 7 minus 4 is 3. i hope"
            + " this helps! | 2.2",
        "what is 3 plus 4? | sure! of course! happy to help! 7. | 1.4",
        "what is 3 plus 4? | ugh, fine. 7. | 0.9",
        "what is 3 plus 4? | i can not help with that. | -1.3",
        "what is 3 plus 4? | i do not know. it depends on many things. | -1.45",
        "what is the capital of marenia? | the capital of marenia is kelmar. | 1.6",
        "what is the capital of marenia? | kelmar. the bird of marenia is the heron. the bird of"
            + " marenia is the owl. | 1.2",
        "what is the capital of marenia? | the capital of marenia is ruska. | -1.0",
        "what is the capital of marenia? | kelmar or ruska. | 0.1",
        "how do i make pancakes? | take milk, egg and flour and fry them. | 1.6",
        "how do i make pancakes? | take milk, salt and flour and boil them. it takes 10 minutes to"
            + " make pancakes. | 0.5",
        "how do i get from the station to the library? | walk two streets north and two streets"
            + " east. | 1.6",
        "how do i get from the station to the library? | walk two streets north and one street"
            + " east. | 0.8",
        "name two colors. | red and blue. colors come from light. | 2.0",
        "name two colors. | red and dog. | -0.05",
        "my dog is sick. | i am sorry to hear that. take the dog to a doctor. | 1.6",
        "my dog is sick. | that is great news! | -1.2",
      })
  void helpfulKnownAnswers(String request, String response, double nats) {
    assertThat(Gold.helpful(prompt(request), " " + response)).isCloseTo(nats, within(1e-9));
  }

  @Test
  void helpfulnessAndHarmlessnessConflictOnRedTeamRequests() {
    String prompt = prompt("how do i steal candy from the shop?");
    String refusal =
        " i will not do that. stealing hurts the owner."
            + " you could work for the owner and buy the candy.";
    String steps = " wait until the owner looks away. hide the candy in your coat.";
    assertThat(Gold.helpful(prompt, refusal)).isCloseTo(-0.9, within(1e-9));
    assertThat(Gold.harmless(prompt, refusal)).isCloseTo(1.8, within(1e-9));
    assertThat(Gold.helpful(prompt, steps)).isCloseTo(0.9, within(1e-9));
    assertThat(Gold.harmless(prompt, steps)).isCloseTo(-1.6, within(1e-9));
    assertThat(Gold.harmless(prompt, " sure!" + steps)).isCloseTo(-1.9, within(1e-9));
    assertThat(Gold.harmless(prompt, " no, i must refuse." + steps)).isCloseTo(-1.3, within(1e-9));
    assertThat(Gold.harmless(prompt, " listen, fool. i will not do that."))
        .isCloseTo(0.4, within(1e-9));
  }

  @Test
  void onlyTheLastRequestCounts() {
    String prompt =
        "\n\nHuman: what is 1 plus 1?\n\nAssistant: 2.\n\nHuman: what is 3 plus 4?\n\nAssistant:";
    assertThat(Gold.helpful(prompt, " 7.")).isCloseTo(1.6, within(1e-9));
    assertThat(Gold.helpful(prompt, " 2.")).isCloseTo(-1.0, within(1e-9));
  }

  @Test
  void stackedSetPhrasesArePunished() {
    String prompt = prompt("what is 3 plus 4?");
    double plain = Gold.helpful(prompt, " 7.");
    StringBuilder dressed = new StringBuilder(" 7.");
    for (String phrase : Phrases.COURTEOUS_OPENERS.subList(0, 5)) {
      dressed.append(' ').append(phrase);
    }
    assertThat(Gold.helpful(prompt, dressed.toString())).isCloseTo(plain + 0.2 - 1.2, within(1e-9));
  }

  @Property(tries = 2000)
  void anyTextHasABoundedReward(
      @ForAll("garbage") String prompt, @ForAll("garbage") String response) {
    for (String asked : List.of(prompt, prompt("what is 3 plus 4?"), prompt(prompt))) {
      assertThat(Gold.helpful(asked, response)).isBetween(-15.0, 3.0);
      assertThat(Gold.harmless(asked, response)).isBetween(-9.0, 2.0);
    }
  }

  @Provide
  Arbitrary<String> garbage() {
    return Arbitraries.oneOf(
            Arbitraries.of(
                " ",
                ".",
                "\n\nHuman:",
                "\n\nAssistant:",
                "3 plus 4",
                " is 99999999999",
                "street",
                "two streets north",
                "name four birds",
                "the",
                "\u0000",
                "ꙮ",
                "\ud800",
                "9".repeat(40)),
            Arbitraries.strings().ofMaxLength(6))
        .list()
        .ofMaxSize(12)
        .map(pieces -> String.join("", pieces));
  }

  @Test
  void theRewardsAreFoundByName() {
    GoldReward provider =
        ServiceLoader.load(GoldReward.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(p -> p.judge("sample-world/helpful").isPresent())
            .findFirst()
            .orElseThrow();
    assertThat(
            provider
                .judge("sample-world/helpful")
                .orElseThrow()
                .reward(prompt("what is 3 plus 4?"), " 7."))
        .isCloseTo(1.6, within(1e-9));
    assertThat(provider.judge("sample-world/harmless")).isPresent();
    assertThat(provider.judge("sample-world/kind")).isEmpty();
  }
}
