package dev.plumbline.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.data.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SafeTensorsTest {
  @TempDir private Path folder;

  @Test
  void whatIsWrittenIsRead() {
    Map<String, SafeTensors.Entry> tensors = new LinkedHashMap<>();
    tensors.put("b", new SafeTensors.Entry(new long[] {2, 1}, new float[] {1.5f, Float.MIN_VALUE}));
    tensors.put("a", new SafeTensors.Entry(new long[0], new float[] {-0f}));
    Path file = folder.resolve("t.safetensors");
    SafeTensors.write(file, tensors, Map.of("format", "pt"));
    SafeTensors.Contents contents = SafeTensors.read(file);
    assertThat(contents.metadata()).containsExactly(Map.entry("format", "pt"));
    assertThat(contents.tensors()).containsOnlyKeys("b", "a");
    tensors.forEach(
        (name, entry) -> {
          assertThat(tensor(contents, name).shape()).containsExactly(entry.shape());
          assertThat(tensor(contents, name).values()).containsExactly(entry.values());
        });
    assertThat(folder).isDirectoryNotContaining(path -> path.toString().endsWith(".tmp"));
  }

  @Test
  void halfPrecisionBecomesFloat32() throws IOException {
    // 1.5 and -2 as bfloat16 (3FC0, C000), 1.5 and -2 as float16 (3E00, C000)
    Path file =
        write(
            "{'b':{'dtype':'BF16','shape':[2],'data_offsets':[0,4]},"
                + "'h':{'dtype':'F16','shape':[2],'data_offsets':[4,8]}}",
            new byte[] {(byte) 0xC0, 0x3F, 0x00, (byte) 0xC0, 0x00, 0x3E, 0x00, (byte) 0xC0});
    SafeTensors.Contents contents = SafeTensors.read(file);
    assertThat(tensor(contents, "b").values()).containsExactly(1.5f, -2f);
    assertThat(tensor(contents, "h").values()).containsExactly(1.5f, -2f);
  }

  @Test
  void tensorsThatNobodyWantsMayBeOfAnyType() throws IOException {
    Path file =
        write(
            "{'mask':{'dtype':'BOOL','shape':[4],'data_offsets':[0,4]},"
                + "'b':{'dtype':'BF16','shape':[1],'data_offsets':[4,6]}}",
            new byte[] {1, 0, 1, 0, (byte) 0xC0, 0x3F});
    SafeTensors.Contents contents = SafeTensors.read(file, name -> !name.equals("mask"));
    assertThat(contents.tensors()).containsOnlyKeys("b");
    assertThat(tensor(contents, "b").values()).containsExactly(1.5f);
    assertThatThrownBy(() -> SafeTensors.read(file)).hasMessageContaining("type 'BOOL'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'x':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}|not JSON",
        "[1]|not a JSON object",
        "{'x':{'dtype':'I64','shape':[1],'data_offsets':[0,8]}}|type 'I64'",
        "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}}|needs 8 bytes",
        "{'x':{'dtype':'F32','shape':[-1],'data_offsets':[0,4]}}|shape",
        "{'x':{'dtype':'F32','shape':[65536,65536],'data_offsets':[0,4]}}|2^31",
        "{'x':{'dtype':'F32','shape':[1]}}|lacks",
        "{'x':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}|gap",
        "{'x':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},"
            + "'y':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}|overlaps",
        "{'x':{'dtype':'F32','shape':[0],'data_offsets':[0,0]}}|follow the header",
        "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}|follow the header",
        "{'x':{'dtype':'F32','shape':[1],'data_offsets':[-4,0]}}|data_offsets",
        "{'x':{},'x':{}}|not JSON",
      })
  void damagedHeadersAreRefused(String header, String complaint) throws IOException {
    Path file = write(header, new byte[4]);
    assertThatThrownBy(() -> SafeTensors.read(file))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(complaint)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void filesThatAreNoneAreRefused() throws IOException {
    Path file = folder.resolve("x.safetensors");
    for (byte[] bytes :
        new byte[][] {
          {},
          {1, 2, 3},
          {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0, 0, 0, 0, 1},
          {0, 0, 0, 0, 0, 0, 0, (byte) 0x80}
        }) {
      Files.write(file, bytes);
      assertThatThrownBy(() -> SafeTensors.read(file))
          .isInstanceOf(UserError.class)
          .hasMessageContaining(file.toString());
    }
    assertThatThrownBy(() -> SafeTensors.read(folder.resolve("none")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("no such file");
  }

  private static SafeTensors.Entry tensor(SafeTensors.Contents contents, String name) {
    return Objects.requireNonNull(contents.tensors().get(name));
  }

  private Path write(String header, byte[] data) throws IOException {
    byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json).put(data);
    Path file = folder.resolve("t.safetensors");
    Files.write(file, bytes.array());
    return file;
  }

  /** More than is copied at once, in the middle of a file, and left there until it is asked for. */
  @Test
  void largeTensorsAreReadInStretchesWhenTheyAreAskedFor() {
    float[] large = new float[2_500_001];
    for (int i = 0; i < large.length; i++) {
      large[i] = i * 0.5f;
    }
    int[] asked = {0};
    Map<String, SafeTensors.Entry> tensors = new LinkedHashMap<>();
    tensors.put("first", new SafeTensors.Entry(new long[] {3}, new float[] {1, 2, 3}));
    tensors.put(
        "large",
        new SafeTensors.Entry(
            new long[] {2_500_001},
            () -> {
              asked[0]++;
              return large;
            }));
    tensors.put("last", new SafeTensors.Entry(new long[] {1}, new float[] {7}));
    Path file = folder.resolve("large.safetensors");
    SafeTensors.write(file, tensors, Map.of());
    assertThat(asked[0]).isEqualTo(1);
    SafeTensors.Contents opened = SafeTensors.open(file, name -> true);
    assertThat(tensor(opened, "large").size()).isEqualTo(2_500_001);
    assertThat(tensor(opened, "large").values()).isEqualTo(large);
    assertThat(tensor(opened, "last").values()).containsExactly(7);
    assertThat(tensor(SafeTensors.read(file), "large").values()).isEqualTo(large);
    Map<String, SafeTensors.Entry> wrong =
        Map.of("a", new SafeTensors.Entry(new long[] {4}, new float[3]));
    assertThatThrownBy(() -> SafeTensors.write(folder.resolve("wrong"), wrong, Map.of()))
        .hasMessageContaining("3 values for the shape [4]");
  }
}
