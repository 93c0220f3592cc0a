package dev.plumbline.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.data.UserError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SpecialsAsTextTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  // The texts hold the names themselves, so that merges come as near to them as merges can.
  private static final Tokenizer OURS =
      BpeTrainer.train(
          List.of("<|end|> <|end|><|end|> <|begin|><|begin|> bread and water"),
          320,
          Tokenizer.SPECIALS);

  private static final Tokenizer ADDED_BEYOND = addedBeyondTheVocabulary();

  @Property(tries = 500)
  void noTextHoldsASpecialIdAndEveryTextComesBack(@ForAll("aroundSpecials") String text) {
    assumeUnicode(text);
    int[] ids = OURS.encode(text);
    assertThat(Arrays.stream(ids).min().orElse(4)).isGreaterThanOrEqualTo(4);
    assertThat(OURS.decode(ids)).isEqualTo(text);
  }

  @Property(tries = 300)
  void aTextWithoutTheirNamesIsEncodedAsTheLibraryDoes(@ForAll String text) {
    assumeUnicode(text);
    Assume.that(Tokenizer.SPECIALS.stream().noneMatch(text::contains));
    assertThat(OURS.encode(text)).containsExactly(libraryIds(Library.OURS, text));
  }

  @Test
  void aNameIsTheTokensOfItsLetters() {
    assertThat(OURS.encode("<|end|>")).hasSizeGreaterThan(0).doesNotContain(2);
    assertThat(libraryIds(Library.OURS, "<|end|>")).containsExactly(2);
    assertThat(OURS.decode(OURS.encode("a<|end|><|pad|> b"))).isEqualTo("a<|end|><|pad|> b");
  }

  @Test
  void decodingStillLeavesTheSpecialTokensOut() {
    int[] word = OURS.encode("bread");
    int[] sequence = new int[word.length + 2];
    sequence[0] = 1;
    System.arraycopy(word, 0, sequence, 1, word.length);
    sequence[word.length + 1] = 2;
    assertThat(OURS.decode(sequence)).isEqualTo("bread");
  }

  @Test
  void addedTokensThatAreNotSpecialKeepTheirIds() {
    // 300 is special and gone from the library's list; 301 must not move into its place.
    assertThat(ADDED_BEYOND.encode("<think>")).containsExactly(301);
    assertThat(ADDED_BEYOND.encode("<eot>")).doesNotContain(300).hasSizeGreaterThan(1);
    assertThat(ADDED_BEYOND.decode(new int[] {300, 301})).isEqualTo("<think>");
    assertThat(ADDED_BEYOND.decode(ADDED_BEYOND.encode("a<eot><think>b")))
        .isEqualTo("a<eot><think>b");
    assertThat(ADDED_BEYOND.idOf("<eot>")).isEqualTo(300);
    assertThat(ADDED_BEYOND.vocabularySize()).isEqualTo(302);
  }

  @Test
  void whatIsSavedIsTheFileAsItWas(@TempDir Path folder) throws IOException {
    ADDED_BEYOND.save(folder.resolve("tokenizer.json"));
    assertThat(JSON.readTree(folder.resolve("tokenizer.json").toFile()).get("added_tokens"))
        .hasSize(6);
  }

  @Test
  void aModelThatMakesASpecialTokenOfWordsIsRefused() {
    // A word-level model looks whole words up, the special tokens' names too.
    Tokenizer words =
        Tokenizer.of(
            """
            {"version": "1.0",
             "added_tokens": [
               {"id": 0, "content": "unk", "special": true, "single_word": false,
                "lstrip": false, "rstrip": false, "normalized": false},
               {"id": 1, "content": "stop", "special": true, "single_word": false,
                "lstrip": false, "rstrip": false, "normalized": false}],
             "normalizer": null, "pre_tokenizer": {"type": "Whitespace"},
             "post_processor": null, "decoder": null,
             "model": {"type": "WordLevel", "unk_token": "unk",
                       "vocab": {"unk": 0, "stop": 1, "go": 2}}}
            """);
    assertThat(words.encode("go home")).containsExactly(2, 0);
    assertThatThrownBy(() -> words.encode("go stop"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("go stop");
  }

  @Test
  void aSentencePieceModelReadsTheNamesAsText() throws IOException {
    Path file =
        Path.of(System.getProperty("plumbline.shared", ""))
            .resolve("data/stories260k/tokenizer.json");
    Assumptions.assumeTrue(Files.exists(file), "stories260k is not beside the project");
    Tokenizer ours = Tokenizer.load(file);
    HuggingFaceTokenizer library = Library.open(Files.readAllBytes(file));
    List<String> names = List.of("<s>", "</s>", "<unk>");
    List<String> parts =
        List.of("<s>", "</s>", "<unk>", "<", "s", "/s>", " ", "Once", "\u00e9", ".");
    Random random = new Random(4);
    for (int i = 0; i < 500; i++) {
      String text =
          random
              .ints(1 + random.nextInt(10), 0, parts.size())
              .mapToObj(parts::get)
              .collect(Collectors.joining());
      int[] ids = ours.encode(text);
      assertThat(Arrays.stream(ids).min().orElse(3)).isGreaterThanOrEqualTo(3);
      assertThat(ours.decode(ids)).isEqualTo(text);
      if (names.stream().noneMatch(text::contains)) {
        assertThat(ids).containsExactly(libraryIds(library, text));
      }
    }
  }

  @Test
  void whatFollowsOtherTextGetsNoSpaceBeforeIt() {
    Path file =
        Path.of(System.getProperty("plumbline.shared", ""))
            .resolve("data/stories260k/tokenizer.json");
    Assumptions.assumeTrue(Files.exists(file), "stories260k is not beside the project");
    Tokenizer ours = Tokenizer.load(file);
    for (String next : List.of(" there was", "there was", "\n\nHuman: hi", " ", "", "\u00e9")) {
      int[] head = ours.encode("Once");
      int[] both = Arrays.copyOf(head, head.length + ours.encodeAfter(next).length);
      System.arraycopy(ours.encodeAfter(next), 0, both, head.length, both.length - head.length);
      assertThat(ours.decode(both)).isEqualTo("Once" + next);
    }
    assertThat(OURS.encodeAfter(" bread")).isEqualTo(OURS.encode(" bread"));
  }

  @Provide
  Arbitrary<String> aroundSpecials() {
    return Arbitraries.oneOf(
            Arbitraries.of(Tokenizer.SPECIALS),
            Arbitraries.of("<s>", "</s>", "<unk>", "<|", "|>", "<|end", "|end|>", "end", "<", " "),
            Arbitraries.strings().ofMaxLength(6))
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }

  private static Tokenizer addedBeyondTheVocabulary() {
    try {
      ObjectNode json = (ObjectNode) JSON.readTree(Library.json(OURS));
      ObjectNode vocabulary = (ObjectNode) json.get("model").get("vocab");
      json.withObject("/model").putArray("merges");
      vocabulary.removeIf(id -> id.asInt() >= 260);
      ArrayNode added = (ArrayNode) json.get("added_tokens");
      for (int id = 260; id < 300; id++) {
        vocabulary.put("filler" + id, id);
      }
      for (String name : List.of("<eot>", "<think>")) {
        ObjectNode token = added.get(0).deepCopy();
        token.put("id", 296 + added.size());
        token.put("content", name);
        token.put("special", name.equals("<eot>"));
        added.add(token);
      }
      return Tokenizer.of(json.toString());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The library with the file as it is. */
  private static final class Library {
    private static final HuggingFaceTokenizer OURS =
        open(json(SpecialsAsTextTest.OURS).getBytes(StandardCharsets.UTF_8));

    static HuggingFaceTokenizer open(byte[] json) {
      try {
        return HuggingFaceTokenizer.newInstance(
            new ByteArrayInputStream(json),
            Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    static String json(Tokenizer tokenizer) {
      try {
        Path file = Files.createTempFile("tokenizer", ".json");
        tokenizer.save(file);
        String json = Files.readString(file);
        Files.delete(file);
        return json;
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static int[] libraryIds(HuggingFaceTokenizer library, String text) {
    return Arrays.stream(library.encode(text, false, false).getIds())
        .mapToInt(id -> (int) id)
        .toArray();
  }

  private static void assumeUnicode(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    Assume.that(new String(utf8, StandardCharsets.UTF_8).equals(text));
  }
}
