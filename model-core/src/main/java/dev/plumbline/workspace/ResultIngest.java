package dev.plumbline.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.TableFile;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the result tables of one run into the workspace, from the files that its journal names. */
final class ResultIngest {
  private static final Logger LOG = LoggerFactory.getLogger(ResultIngest.class);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Statements statements;
  private final long runNo;
  private final Path directory;

  ResultIngest(Statements statements, long runNo, Path directory) {
    this.statements = statements;
    this.runNo = runNo;
    this.directory = directory;
  }

  /** Stores a table in the place of one of the same name and step. */
  void put(JournalEvent.Table event) throws SQLException {
    drop("name = ? AND step = ?", event.name(), event.step());
    ResultTable table;
    try {
      table = TableFile.read(directory.resolve(event.file()));
    } catch (UserError e) {
      // One file that somebody removed must not keep the rest of the run out of the workspace.
      LOG.warn("passed over: {}", e.getMessage());
      return;
    }
    PreparedStatement insert =
        statements.of(
            "INSERT INTO result (run_no, name, step, columns, rows) VALUES (?, ?, ?, ?, ?)"
                + " RETURNING result_no");
    insert.setLong(1, runNo);
    insert.setString(2, event.name());
    insert.setLong(3, event.step());
    insert.setString(4, columns(table));
    insert.setInt(5, table.size());
    long number;
    try (ResultSet row = insert.executeQuery()) {
      row.next();
      number = row.getLong(1);
    }
    PreparedStatement rows = statements.of("INSERT INTO result_row VALUES (?, ?, ?)");
    for (int i = 0; i < table.size(); i++) {
      rows.setLong(1, number);
      rows.setInt(2, i);
      rows.setString(3, cells(table.rows().get(i)));
      rows.addBatch();
    }
    rows.executeBatch();
  }

  /** Drops the tables of later steps: a resume went back behind them. */
  void dropAfter(long step) throws SQLException {
    drop("step > ?", step);
  }

  private void drop(String condition, Object... arguments) throws SQLException {
    Object[] all = new Object[arguments.length + 1];
    all[0] = runNo;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    statements.update(
        "DELETE FROM result_row WHERE result_no IN"
            + " (SELECT result_no FROM result WHERE run_no = ? AND "
            + condition
            + ")",
        all);
    statements.update("DELETE FROM result WHERE run_no = ? AND " + condition, all);
  }

  static String columns(ResultTable table) {
    ArrayNode list = MAPPER.createArrayNode();
    for (ResultTable.Column column : table.columns()) {
      ObjectNode node = list.addObject();
      node.put("name", column.name());
      node.put("kind", column.kind().name().toLowerCase(Locale.ROOT));
      node.put("unit", column.unit());
      node.put("definition", column.definition());
    }
    return json(list);
  }

  /** NaN is null, as in the tables of metrics; an infinity is a number that SQLite reads as one. */
  static String cells(List<Object> row) {
    ArrayNode cells = MAPPER.createArrayNode();
    for (Object cell : row) {
      switch (cell) {
        case Double number when number.isNaN() -> cells.addNull();
        case Double number when number.isInfinite() ->
            cells.addRawValue(new RawValue(number > 0 ? "9e999" : "-9e999"));
        case Double number -> cells.add(number);
        default -> cells.add(String.valueOf(cell));
      }
    }
    return json(cells);
  }

  private static String json(ArrayNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("numbers and texts are JSON", e);
    }
  }

  /** Reads what {@link #put} stored. */
  static ResultTable read(String name, String columns, List<String> rows) {
    try {
      ResultTable.Builder table = ResultTable.named(name);
      boolean[] number = new boolean[MAPPER.readTree(columns).size()];
      int at = 0;
      for (var column : MAPPER.readTree(columns)) {
        number[at] = column.path("kind").asText().equals("number");
        if (number[at]) {
          table.number(
              column.path("name").asText(),
              column.path("unit").asText(),
              column.path("definition").asText());
        } else {
          table.text(column.path("name").asText(), column.path("definition").asText());
        }
        at++;
      }
      for (String row : rows) {
        List<Object> cells = new ArrayList<>();
        for (var cell : MAPPER.readTree(row)) {
          cells.add(
              !number[cells.size()]
                  ? cell.asText()
                  : cell.isNull() ? (Object) Double.NaN : cell.doubleValue());
        }
        table.row(cells);
      }
      return table.build();
    } catch (JsonProcessingException e) {
      throw new UserError(
          "the stored table %s is damaged: %s; move workspace.db away: it is filled again"
              .formatted(name, e.getOriginalMessage()),
          e);
    }
  }
}
