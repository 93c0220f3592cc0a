package dev.plumbline.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.PqList;
import dev.hardwood.row.PqMap;
import dev.hardwood.row.PqStruct;
import dev.hardwood.row.StructAccessor;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of a Parquet file, the form in which most public data sets lie, as the objects
 * that the same rows would be in JSON Lines: structures are objects, lists are arrays, absent
 * values are null. A row's number stands where others have a line. Row groups are read one after
 * the other, so memory does not grow with the file.
 */
final class ParquetRows {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ParquetRows() {}

  /** Whether a file is named as Parquet is. */
  static boolean named(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".parquet");
  }

  /**
   * Reads a file to its end. What the visitor throws ends the reading and comes through.
   *
   * @param bytes takes how far the reading is, as a share of the file's bytes by rows
   * @return its rows
   * @throws UserError where it cannot be read
   */
  static long read(Path file, DataFileReader.Objects objects, LongConsumer bytes) {
    if (Files.isDirectory(file)) {
      throw new UserError(file + ": is a directory; give one .parquet file of it");
    }
    long row = 0;
    try (ParquetFileReader reader = opened(file)) {
      long size = Files.size(file);
      long all = Math.max(1, reader.getFileMetaData().numRows());
      try (RowReader rows = rows(file, reader)) {
        ObjectNode object;
        while ((object = next(file, rows, row + 1)) != null) {
          row++;
          bytes.accept((long) ((double) size * (double) row / (double) all));
          objects.object(row, object);
        }
      }
      return row;
    } catch (IOException e) {
      throw InputFile.failure(file, row + 1, e);
    }
  }

  private static ParquetFileReader opened(Path file) throws IOException {
    // the library maps the file and would say less of one that is absent or may not be read
    Files.newByteChannel(file).close();
    try {
      return ParquetFileReader.open(dev.hardwood.InputFile.of(file));
    } catch (IOException | RuntimeException e) {
      throw new UserError(
          file
              + ": is not a Parquet file that can be read ("
              + cause(e)
              + "); copy or download it again",
          e);
    }
  }

  private static RowReader rows(Path file, ParquetFileReader reader) {
    try {
      return reader.rowReader();
    } catch (RuntimeException | LinkageError e) {
      throw damaged(file, 1, e);
    }
  }

  /** The next row; null at the end. */
  private static @Nullable ObjectNode next(Path file, RowReader rows, long row) {
    try {
      if (!rows.hasNext()) {
        return null;
      }
      rows.next();
      return object(rows);
    } catch (RuntimeException | LinkageError e) {
      throw damaged(file, row, e);
    }
  }

  /** A codec that the library wants from elsewhere is a linkage error. */
  private static UserError damaged(Path file, long row, Throwable e) {
    return new UserError(
        "%s: row %,d cannot be read (%s); copy or download it again, or write it with snappy, gzip or zstd"
            .formatted(file, row, cause(e)),
        e);
  }

  private static String cause(Throwable e) {
    Throwable last = e;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    String message = last.getMessage();
    return message == null
        ? last.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }

  private static ObjectNode object(StructAccessor row) {
    ObjectNode object = NODES.objectNode();
    for (int i = 0; i < row.getFieldCount(); i++) {
      object.set(row.getFieldName(i), node(row.isNull(i) ? null : row.getValue(i)));
    }
    return object;
  }

  private static JsonNode node(@Nullable Object value) {
    return switch (value) {
      case null -> NODES.nullNode();
      case String text -> NODES.textNode(text);
      case Boolean truth -> NODES.booleanNode(truth);
      case Integer number -> NODES.numberNode(number);
      case Long number -> NODES.numberNode(number);
      case Float number -> NODES.numberNode(number);
      case Double number -> NODES.numberNode(number);
      case BigDecimal number -> NODES.numberNode(number);
      case byte[] bytes -> text(bytes);
      case PqStruct structure -> object(structure);
      case PqList list -> {
        ArrayNode array = NODES.arrayNode();
        for (int i = 0; i < list.size(); i++) {
          array.add(node(list.isNull(i) ? null : list.get(i)));
        }
        yield array;
      }
      case PqMap map -> {
        ObjectNode object = NODES.objectNode();
        for (PqMap.Entry entry : map.getEntries()) {
          object.set(
              String.valueOf(entry.getKey()), node(entry.isValueNull() ? null : entry.getValue()));
        }
        yield object;
      }
      default -> NODES.textNode(value.toString());
    };
  }

  /** Old writers leave it open that bytes are text; those that are none become base 64. */
  private static JsonNode text(byte[] bytes) {
    try {
      return NODES.textNode(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return NODES.textNode(Base64.getEncoder().encodeToString(bytes));
    }
  }
}
