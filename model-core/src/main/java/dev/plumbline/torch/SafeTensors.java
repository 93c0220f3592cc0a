package dev.plumbline.torch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.data.UserError;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The safetensors format: eight bytes of header length (little-endian), a JSON header of names,
 * types, shapes and byte ranges, then the data. Reading can run no code, and every range is checked
 * before a byte is believed.
 */
public final class SafeTensors {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonParser.Feature.AUTO_CLOSE_SOURCE)
          .build();
  private static final int HEADER_LIMIT = 100_000_000;

  /** Elements that are copied between a file and Java's memory at once. */
  private static final int STRETCH = 1 << 20;

  private SafeTensors() {}

  /**
   * One tensor. Its elements may still be where they come from, so that of a large model only one
   * tensor at a time is in Java's memory.
   */
  public static final class Entry {
    private final long[] shape;
    private final Supplier<float[]> source;

    /**
     * A tensor whose elements are here.
     *
     * @param shape extents; empty for a scalar
     * @param values elements in row-major order, as float32
     */
    public Entry(long[] shape, float[] values) {
      this(shape, () -> values);
    }

    /**
     * A tensor whose elements are fetched each time that they are asked for.
     *
     * @param shape extents; empty for a scalar
     * @param source gives the elements in row-major order, as float32
     */
    public Entry(long[] shape, Supplier<float[]> source) {
      this.shape = shape;
      this.source = source;
    }

    /** A tensor's elements, fetched when they are asked for; the tensor has to be alive then. */
    public static Entry of(Tensor tensor) {
      return new Entry(tensor.shape(), tensor::toFloats);
    }

    /** The extents; empty for a scalar. */
    public long[] shape() {
      return shape;
    }

    /** The elements in row-major order, as float32. */
    public float[] values() {
      return source.get();
    }

    /** Number of elements. */
    public long size() {
      return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }
  }

  /**
   * What a file holds.
   *
   * @param tensors by name, in the order of their data
   * @param metadata the header's free text fields
   */
  public record Contents(Map<String, Entry> tensors, Map<String, String> metadata) {}

  @SuppressWarnings("ArrayRecordComponent") // bulk data, never compared
  private record Range(String name, String type, long[] shape, long begin, long end) {}

  /**
   * Reads a file of F32, BF16 or F16 tensors; the latter two become float32.
   *
   * @throws UserError naming the file and what is wrong with it
   */
  public static Contents read(Path file) {
    return read(file, name -> true);
  }

  /**
   * Reads some tensors of a file.
   *
   * @param wanted says by name which; the others may be of any type
   * @throws UserError naming the file and what is wrong with it
   */
  public static Contents read(Path file, Predicate<String> wanted) {
    Contents contents = open(file, wanted);
    Map<String, Entry> tensors = new LinkedHashMap<>();
    contents
        .tensors()
        .forEach((name, entry) -> tensors.put(name, new Entry(entry.shape(), entry.values())));
    return new Contents(tensors, contents.metadata());
  }

  /**
   * Looks at a file and leaves the elements in it: they are read each time that an entry is asked
   * for them, so the file has to stay as it is meanwhile.
   *
   * @param wanted says by name which tensors; the others may be of any type
   * @throws UserError naming the file and what is wrong with it
   */
  public static Contents open(Path file, Predicate<String> wanted) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < 8) {
        throw bad(file, "it has " + size + " bytes, less than a header");
      }
      long headerLength = bytes(channel, 0, 8).getLong();
      if (headerLength < 2 || headerLength > Math.min(size - 8, HEADER_LIMIT)) {
        throw bad(
            file, "its header claims " + headerLength + " bytes in a file of " + size + " bytes");
      }
      JsonNode header = header(file, bytes(channel, 8, (int) headerLength));
      long dataStart = 8 + headerLength;
      Map<String, String> metadata = new LinkedHashMap<>();
      List<Range> ranges = ranges(file, header, metadata, wanted);
      long expected = 0;
      for (Range range : ranges) {
        if (range.begin() != expected) {
          throw bad(
              file, "tensor " + range.name() + " leaves a gap or overlaps at byte " + expected);
        }
        expected = range.end();
      }
      if (expected != size - dataStart) {
        throw bad(
            file,
            "its tensors take "
                + expected
                + " bytes but "
                + (size - dataStart)
                + " follow the header");
      }
      Map<String, Entry> tensors = new LinkedHashMap<>();
      for (Range range : ranges) {
        if (!wanted.test(range.name())) {
          continue;
        }
        tensors.put(range.name(), new Entry(range.shape(), () -> values(file, dataStart, range)));
      }
      return new Contents(tensors, metadata);
    } catch (NoSuchFileException e) {
      throw new UserError(file + ": there is no such file", e);
    } catch (IOException e) {
      throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static JsonNode header(Path file, ByteBuffer buffer) {
    try {
      JsonNode header = JSON.readTree(StandardCharsets.UTF_8.decode(buffer).toString());
      if (!header.isObject()) {
        throw bad(file, "its header is not a JSON object");
      }
      return header;
    } catch (JsonProcessingException e) {
      throw new UserError(
          file + ": not a safetensors file: its header is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static List<Range> ranges(
      Path file, JsonNode header, Map<String, String> metadata, Predicate<String> wanted) {
    List<Range> ranges = new ArrayList<>();
    header
        .properties()
        .forEach(
            field -> {
              if (field.getKey().equals("__metadata__")) {
                field
                    .getValue()
                    .properties()
                    .forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
              } else {
                ranges.add(
                    range(file, field.getKey(), field.getValue(), wanted.test(field.getKey())));
              }
            });
    ranges.sort(Comparator.comparingLong(Range::begin).thenComparingLong(Range::end));
    return ranges;
  }

  private static Range range(Path file, String name, JsonNode node, boolean wanted) {
    String type = node.path("dtype").asText();
    int width =
        switch (type) {
          case "F32" -> 4;
          case "F16", "BF16" -> 2;
          // A type of unknown width is believed its byte range, since nothing is made of it.
          default -> 0;
        };
    if (width == 0 && wanted) {
      throw bad(file, "tensor " + name + " has type '" + type + "'; F32, BF16 and F16 can be read");
    }
    JsonNode dims = node.path("shape");
    JsonNode offsets = node.path("data_offsets");
    if (!dims.isArray() || !offsets.isArray() || offsets.size() != 2) {
      throw bad(file, "tensor " + name + " lacks shape or data_offsets");
    }
    long[] shape = new long[dims.size()];
    long elements = 1;
    for (int i = 0; i < shape.length; i++) {
      if (!dims.get(i).isIntegralNumber()
          || !dims.get(i).canConvertToLong()
          || dims.get(i).asLong() < 0) {
        throw bad(file, "tensor " + name + " has the shape " + dims);
      }
      shape[i] = dims.get(i).asLong();
      if (shape[i] != 0 && elements > Integer.MAX_VALUE / shape[i]) {
        throw bad(file, "tensor " + name + " has the shape " + dims + ", more than 2^31 elements");
      }
      elements *= shape[i];
    }
    if (!offsets.get(0).canConvertToLong() || !offsets.get(1).canConvertToLong()) {
      throw bad(file, "tensor " + name + " has the data_offsets " + offsets);
    }
    long begin = offsets.get(0).asLong();
    long end = offsets.get(1).asLong();
    if (begin < 0 || end < begin || (width > 0 && end - begin != elements * width)) {
      throw bad(
          file,
          "tensor "
              + name
              + " of shape "
              + dims
              + " needs "
              + elements * width
              + " bytes but has the data_offsets "
              + offsets);
    }
    if (end - begin > Integer.MAX_VALUE - 16) {
      throw bad(file, "tensor " + name + " is larger than 2 GiB");
    }
    return new Range(name, type, shape, begin, end);
  }

  private static float[] values(Path file, long dataStart, Range range) {
    int width = range.type().equals("F32") ? 4 : 2;
    float[] values = new float[(int) ((range.end() - range.begin()) / width)];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (int from = 0; from < values.length; from += STRETCH) {
        int count = Math.min(STRETCH, values.length - from);
        long position = dataStart + range.begin() + (long) from * width;
        floats(range.type(), bytes(channel, position, count * width), values, from);
      }
      return values;
    } catch (IOException e) {
      throw new UserError(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static void floats(String type, ByteBuffer data, float[] values, int from) {
    if (type.equals("F32")) {
      data.asFloatBuffer().get(values, from, data.remaining() / 4);
      return;
    }
    boolean brain = type.equals("BF16");
    for (int i = from; data.hasRemaining(); i++) {
      short bits = data.getShort();
      values[i] = brain ? Float.intBitsToFloat(bits << 16) : Float.float16ToFloat(bits);
    }
  }

  private static ByteBuffer bytes(FileChannel channel, long position, int length)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    long at = position;
    while (buffer.hasRemaining()) {
      int read = channel.read(buffer, at);
      if (read < 0) {
        throw new EOFException("the file ends at byte " + at);
      }
      at += read;
    }
    return buffer.flip();
  }

  private static UserError bad(Path file, String what) {
    return new UserError(file + ": not a safetensors file that can be used: " + what);
  }

  /**
   * Writes float32 tensors; the file appears complete or not at all.
   *
   * @param tensors by name; written in the map's order
   * @param metadata free text fields
   * @throws UserError where the file cannot be written
   */
  public static void write(Path file, Map<String, Entry> tensors, Map<String, String> metadata) {
    ObjectNode header = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode fields = header.putObject("__metadata__");
      metadata.forEach(fields::put);
    }
    long offset = 0;
    for (Map.Entry<String, Entry> tensor : tensors.entrySet()) {
      ObjectNode node = header.putObject(tensor.getKey());
      node.put("dtype", "F32");
      ArrayNode shape = node.putArray("shape");
      for (long extent : tensor.getValue().shape()) {
        shape.add(extent);
      }
      long end = offset + 4 * tensor.getValue().size();
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    Path partial = file.resolveSibling(file.getFileName() + ".tmp");
    try {
      byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
      // The data begins at a multiple of eight, so that it can be mapped.
      int padded = (json.length + 7) / 8 * 8;
      ByteBuffer head = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
      head.putLong(padded).put(json);
      while (head.hasRemaining()) {
        head.put((byte) ' ');
      }
      try (FileChannel channel =
          FileChannel.open(
              partial,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        writeAll(channel, head.flip());
        for (Entry entry : tensors.values()) {
          float[] values = entry.values();
          if (values.length != entry.size()) {
            throw new IllegalArgumentException(
                values.length + " values for the shape " + Arrays.toString(entry.shape()));
          }
          for (int from = 0; from < values.length; from += STRETCH) {
            int count = Math.min(STRETCH, values.length - from);
            ByteBuffer data = ByteBuffer.allocate(4 * count).order(ByteOrder.LITTLE_ENDIAN);
            data.asFloatBuffer().put(values, from, count);
            writeAll(channel, data);
          }
        }
        channel.force(true);
      }
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UserError(file + ": cannot be written: " + e.getMessage(), e);
    }
  }

  private static void writeAll(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
