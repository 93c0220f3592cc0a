package dev.plumbline.experiment.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.Sha256;
import dev.plumbline.data.UserError;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Result tables as JSON Lines: the first line names the table and its columns, each other line is
 * the array of a row's cells. A number that is missing is {@code null}; infinities are the texts
 * {@code "Infinity"} and {@code "-Infinity"}.
 */
public final class TableFile {
  private static final ObjectMapper MAPPER = new ObjectMapper(new JsonFactory());

  private TableFile() {}

  /**
   * Writes a table below a run's or study's directory, whole or not at all.
   *
   * @param step that the table belongs to
   * @return the event that tells of it
   */
  public static JournalEvent.Table write(Path directory, long step, ResultTable table)
      throws IOException {
    String file = "tables/%s-%d.jsonl".formatted(table.name(), step);
    Path place = directory.resolve(file);
    byte[] bytes = bytes(table);
    Files.createDirectories(directory.resolve("tables"));
    Path temporary = place.resolveSibling("." + place.getFileName() + ".tmp");
    Files.write(temporary, bytes);
    Files.move(
        temporary, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return new JournalEvent.Table(table.name(), step, table.size(), file, Sha256.of(bytes));
  }

  private static byte[] bytes(ResultTable table) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 12);
    try (JsonGenerator json = MAPPER.getFactory().createGenerator(bytes)) {
      json.setRootValueSeparator(null);
      json.writeStartObject();
      json.writeStringField("table", table.name());
      json.writeArrayFieldStart("columns");
      for (ResultTable.Column column : table.columns()) {
        json.writeStartObject();
        json.writeStringField("name", column.name());
        json.writeStringField("kind", column.kind().name().toLowerCase(Locale.ROOT));
        json.writeStringField("unit", column.unit());
        json.writeStringField("definition", column.definition());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
      for (List<Object> row : table.rows()) {
        json.writeRaw('\n');
        json.writeStartArray();
        for (Object cell : row) {
          switch (cell) {
            case Double number when number.isNaN() -> json.writeNull();
            case Double number when number.isInfinite() -> json.writeString(number.toString());
            case Double number -> json.writeNumber(number);
            default -> json.writeString(String.valueOf(cell));
          }
        }
        json.writeEndArray();
      }
      json.writeRaw('\n');
    }
    return bytes.toByteArray();
  }

  /**
   * Reads a table.
   *
   * @throws UserError where the file is missing or is no table; names file and line
   */
  public static ResultTable read(Path file) {
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      String head = reader.readLine();
      JsonNode header = head == null ? null : MAPPER.readTree(head);
      if (header == null || !header.path("table").isTextual()) {
        throw damaged(file, 1);
      }
      List<ResultTable.Column> columns = new ArrayList<>();
      for (JsonNode column : header.path("columns")) {
        columns.add(
            new ResultTable.Column(
                column.path("name").asText(),
                column.path("unit").asText(),
                column.path("definition").asText(),
                ResultTable.Kind.valueOf(column.path("kind").asText().toUpperCase(Locale.ROOT))));
      }
      List<List<Object>> rows = new ArrayList<>();
      int number = 1;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        JsonNode cells = MAPPER.readTree(line);
        if (cells == null || cells.size() != columns.size()) {
          throw damaged(file, number);
        }
        List<Object> row = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
          row.add(cell(cells.get(i), columns.get(i).kind()));
        }
        rows.add(row);
      }
      return ResultTable.of(header.path("table").asText(), columns, rows);
    } catch (IOException | IllegalArgumentException e) {
      throw new UserError(
          "%s: cannot be read as a result table: %s; run it again".formatted(file, e.getMessage()),
          e);
    }
  }

  private static Object cell(JsonNode cell, ResultTable.Kind kind) {
    if (kind == ResultTable.Kind.TEXT) {
      return cell.asText();
    }
    if (cell.isNull()) {
      return Double.NaN;
    }
    return cell.isNumber() ? (Object) cell.doubleValue() : Double.valueOf(cell.asText());
  }

  private static UserError damaged(Path file, int line) {
    return new UserError("%s:%d: not a line of a result table; run it again".formatted(file, line));
  }
}
