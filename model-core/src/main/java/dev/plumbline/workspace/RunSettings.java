package dev.plumbline.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.plumbline.data.Sha256;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A spec by its keys, and what it names, in the tables that runs are filtered by. */
final class RunSettings {
  private static final Logger LOG = LoggerFactory.getLogger(RunSettings.class);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Keys of {@code spec.json} beside the stage. */
  private static final Set<String> HEAD =
      Set.of(
          "name",
          "seed",
          "tags",
          "notes",
          "inputs",
          "spec_hash",
          "created",
          "plumbline",
          "resolved");

  private static final Pattern IN_RUN =
      Pattern.compile("/runs/([^/]+)(?:/checkpoints/(\\d{1,18}))?(?:/|$)");

  private RunSettings() {}

  /**
   * The settings of a spec by key, in its order. Groups are taken apart, {@code rlhf.reward.clip};
   * of a list of groups each is numbered from 1, {@code preference.data[1].fraction}; a list of
   * texts is one value. What is null or empty is left out.
   */
  static Map<String, JsonNode> flat(JsonNode spec) {
    Map<String, JsonNode> flat = new LinkedHashMap<>();
    spec.properties()
        .forEach(
            field -> {
              if (!HEAD.contains(field.getKey())) {
                flatten(field.getKey(), field.getValue(), flat);
              }
            });
    return flat;
  }

  private static void flatten(String key, JsonNode node, Map<String, JsonNode> flat) {
    if (node.isObject()) {
      node.properties().forEach(each -> flatten(key + "." + each.getKey(), each.getValue(), flat));
    } else if (node.isArray()) {
      boolean groups = node.valueStream().anyMatch(JsonNode::isContainerNode);
      if (groups) {
        for (int i = 0; i < node.size(); i++) {
          flatten(key + "[" + (i + 1) + "]", node.get(i), flat);
        }
      } else if (!node.isEmpty()) {
        flat.put(key, node);
      }
    } else if (!node.isNull()) {
      flat.put(key, node);
    }
  }

  /** Fills the tables from a spec's text, if they are not of it already. */
  static void write(Statements statements, long runNo, String text) throws SQLException {
    String hash = Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    PreparedStatement of = statements.of("SELECT settings_of FROM run WHERE run_no = ?");
    of.setLong(1, runNo);
    try (ResultSet row = of.executeQuery()) {
      if (row.next() && row.getString(1).equals(hash)) {
        return;
      }
    }
    JsonNode spec;
    try {
      spec = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      LOG.debug("run {}: {}", runNo, e.getMessage());
      return; // told as the run's problem by whoever reads the spec
    }
    if (spec == null || !spec.isObject()) {
      return;
    }
    Map<String, JsonNode> flat = flat(spec);
    statements.update("DELETE FROM run_setting WHERE run_no = ?", runNo);
    for (Map.Entry<String, JsonNode> each : flat.entrySet()) {
      JsonNode value = each.getValue();
      statements.update(
          "INSERT INTO run_setting VALUES (?, ?, ?, ?)",
          number(statements, each.getKey()),
          runNo,
          words(value),
          value.isNumber() ? value.doubleValue() : Double.NaN);
    }
    inputs(statements, runNo, spec, flat);
    statements.update(
        "UPDATE run SET configuration = ?, settings_of = ? WHERE run_no = ?",
        configuration(flat),
        hash,
        runNo);
  }

  /** Whether there are runs that were taken up before there were these tables. */
  static boolean isMissing(Statements statements) throws SQLException {
    try (ResultSet row =
        statements
            .of("SELECT 1 FROM run WHERE settings_of = '' AND stage <> '' LIMIT 1")
            .executeQuery()) {
      return row.next();
    }
  }

  /** Fills the tables for runs that were taken up before there were any. */
  static void writeMissing(Statements statements) throws SQLException {
    List<Long> missing = new ArrayList<>();
    try (ResultSet rows =
        statements
            .of("SELECT run_no FROM run WHERE settings_of = '' AND stage <> ''")
            .executeQuery()) {
      while (rows.next()) {
        missing.add(rows.getLong(1));
      }
    }
    for (long runNo : missing) {
      PreparedStatement query = statements.of("SELECT spec FROM run WHERE run_no = ?");
      query.setLong(1, runNo);
      String text;
      try (ResultSet row = query.executeQuery()) {
        text = row.next() ? row.getString(1) : "";
      }
      write(statements, runNo, text);
    }
  }

  private static long number(Statements statements, String key) throws SQLException {
    PreparedStatement known = statements.of("SELECT setting_no FROM setting WHERE key = ?");
    known.setString(1, key);
    try (ResultSet row = known.executeQuery()) {
      if (row.next()) {
        return row.getLong(1);
      }
    }
    PreparedStatement insert =
        statements.of("INSERT INTO setting (key) VALUES (?) RETURNING setting_no");
    insert.setString(1, key);
    try (ResultSet row = insert.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  private static String words(JsonNode value) {
    return value.isArray() ? value.toString() : value.asText();
  }

  private static void inputs(
      Statements statements, long runNo, JsonNode spec, Map<String, JsonNode> flat)
      throws SQLException {
    statements.update("DELETE FROM run_input WHERE run_no = ?", runNo);
    int place = 0;
    for (JsonNode input : spec.path("inputs")) {
      input(
          statements,
          runNo,
          place++,
          input.path("key").asText(),
          input.path("reference").asText(),
          input.path("path").asText(),
          input.path("sha256").asText());
    }
    if (place > 0) {
      return;
    }
    // Not resolved yet: what it names is named by runs that may not have begun.
    for (Map.Entry<String, JsonNode> each : flat.entrySet()) {
      List<JsonNode> values =
          each.getValue().isArray()
              ? each.getValue().valueStream().toList()
              : List.of(each.getValue());
      for (JsonNode value : values) {
        if (value.asText().startsWith("run:")) {
          input(statements, runNo, place++, each.getKey(), value.asText(), "", "");
        }
      }
    }
  }

  private static void input(
      Statements statements,
      long runNo,
      int place,
      String key,
      String reference,
      String path,
      String sha256)
      throws SQLException {
    String run = "";
    String step = "";
    Matcher matcher = IN_RUN.matcher(path.replace('\\', '/'));
    while (matcher.find()) { // the last one: a workspace may lie below another's runs
      run = String.valueOf(matcher.group(1));
      step = matcher.group(2) == null ? "" : matcher.group(2);
    }
    statements.update(
        "INSERT INTO run_input VALUES (?, ?, ?, ?, ?, ?, ?, CAST(NULLIF(?, '') AS INTEGER))",
        runNo,
        place,
        key,
        reference,
        path,
        sha256,
        run,
        step);
  }

  /** Equal for specs that differ in seed, name, tags and notes alone. */
  static String configuration(Map<String, JsonNode> flat) {
    String lines =
        new TreeMap<>(flat)
            .entrySet().stream()
                .map(each -> each.getKey() + "=" + words(each.getValue()))
                .collect(Collectors.joining("\n"));
    return Sha256.of(lines.getBytes(StandardCharsets.UTF_8)).substring(0, 8);
  }
}
