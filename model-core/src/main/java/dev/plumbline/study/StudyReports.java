package dev.plumbline.study;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.plumbline.analysis.PaperCard;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.Study;
import dev.plumbline.experiment.journal.JournalEntry;
import dev.plumbline.experiment.journal.JournalEvent;
import dev.plumbline.experiment.journal.JournalReader;
import dev.plumbline.experiment.journal.JournalWriter;
import dev.plumbline.experiment.journal.TableFile;
import dev.plumbline.experiment.worker.StudyEnd;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Computes a study's results and writes them down: tables and cards into its journal, from where
 * the workspace takes them up, and {@code report.json} and {@code report.md} for people.
 */
public final class StudyReports implements StudyEnd {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** Rows of a table in {@code report.md}; longer ones are named with their file. */
  private static final int SHOWN_ROWS = 40;

  /** A reports' maker; found as a service by the study's process. */
  public StudyReports() {}

  /** The names of the analyses that there are, sorted. */
  public static List<String> analyses() {
    return StreamSupport.stream(ServiceLoader.load(StudyAnalysis.class).spliterator(), false)
        .map(StudyAnalysis::name)
        .sorted()
        .toList();
  }

  /**
   * An analysis by its name.
   *
   * @throws UserError where there is none; names those that there are
   */
  public static StudyAnalysis analysis(String name) {
    return StreamSupport.stream(ServiceLoader.load(StudyAnalysis.class).spliterator(), false)
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "no analysis '%s'; there are %s"
                        .formatted(name, String.join(", ", analyses()))));
  }

  @Override
  public void finished(Study study, JournalWriter journal) throws IOException {
    if (!study.about().analysis().isEmpty()) {
      write(study, journal);
    }
  }

  /**
   * Computes a study's results again from what its finished runs journalled.
   *
   * @throws UserError where the study names no analysis, is being worked on, or its runs do not
   *     have what is needed
   */
  public static StudyResult recompute(Study study) {
    if (study.about().analysis().isEmpty()) {
      throw new UserError(
          "study %s (%s) names no analysis; its file needs the key 'analysis', with one of %s"
              .formatted(study.id(), study.name(), String.join(", ", analyses())));
    }
    try (FileChannel channel =
            FileChannel.open(
                study.lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel)) {
      if (lock == null) {
        throw new UserError(
            "study %s is being worked on; its results are computed when its runs are finished"
                .formatted(study.id()));
      }
      try (JournalWriter journal = JournalWriter.open(study.journalFile())) {
        StudyResult result = write(study, journal);
        int runs = study.plannedRuns().size();
        if (study.state() == RunState.FAILED && study.progress().done() == runs) {
          journal.append(
              new JournalEvent.State(RunState.FINISHED, runs, "")); // results were all it lacked
          study.with(RunState.FINISHED, "", new Study.Progress(runs, 0)).save();
        }
        return result;
      }
    } catch (IOException e) {
      throw new UserError(
          "cannot write in %s: %s; check its rights and free space"
              .formatted(study.directory(), e.getMessage()),
          e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static StudyResult write(Study study, JournalWriter journal) throws IOException {
    StudyAnalysis analysis = analysis(study.about().analysis());
    StudyData data = StudyData.of(study);
    StudyResult found = analysis.analyse(data);
    List<String> notes = new ArrayList<>(found.notes());
    if (!data.missing().isEmpty()) {
      notes.addFirst(
          "computed without %d of %d runs, which are not finished: %s"
              .formatted(
                  data.missing().size(),
                  study.plannedRuns().size(),
                  data.missing().stream().limit(5).collect(Collectors.joining(", "))));
    }
    StudyResult result = new StudyResult(found.tables(), found.cards(), notes);
    journal.append(new JournalEvent.Analysis(analysis.name(), data.runs().size()));
    for (ResultTable table : result.tables()) {
      journal.append(TableFile.write(study.directory(), 0, table));
    }
    for (PaperCard card : result.cards()) {
      journal.append(new JournalEvent.Card(card));
    }
    for (String note : result.notes()) {
      journal.append(new JournalEvent.Notice(data.runs().size(), note));
    }
    put(study.directory().resolve("report.json"), json(study, data, result));
    put(study.directory().resolve("report.md"), markdown(study, data, result));
    return result;
  }

  /**
   * The results that a study's journal tells, those of its last analysis; empty where there was
   * none. Notes stay in the report.
   *
   * @throws UserError where the journal or a table cannot be read
   */
  public static Optional<StudyResult> read(Study study) {
    boolean any = false;
    Map<String, ResultTable> tables = new LinkedHashMap<>();
    List<PaperCard> cards = new ArrayList<>();
    try {
      for (JournalEntry entry : JournalReader.readAll(study.journalFile())) {
        switch (entry.event()) {
          case JournalEvent.Analysis _ -> {
            any = true;
            tables.clear();
            cards.clear();
          }
          case JournalEvent.Table table ->
              tables.put(table.name(), TableFile.read(study.directory().resolve(table.file())));
          case JournalEvent.Card(PaperCard card) -> cards.add(card);
          default -> {
            // says how the study went
          }
        }
      }
    } catch (IOException e) {
      throw new UserError(
          "cannot read %s: %s; check its rights".formatted(study.journalFile(), e.getMessage()), e);
    }
    return any
        ? Optional.of(new StudyResult(List.copyOf(tables.values()), cards, List.of()))
        : Optional.empty();
  }

  private static void put(Path file, String text) throws IOException {
    Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
    Files.writeString(temporary, text);
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  // ------------------------------------------------------------------------------------ report

  private static String json(Study study, StudyData data, StudyResult result) throws IOException {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("study", study.id());
    json.put("name", study.name());
    json.put("title", study.about().title());
    json.put("figures", study.about().figures());
    json.put("analysis", study.about().analysis());
    json.put("runs", study.plannedRuns().size());
    json.put("finished", data.runs().size());
    ArrayNode cards = json.putArray("cards");
    for (PaperCard card : result.cards()) {
      cards
          .addObject()
          .put("id", card.id())
          .put("figure", card.figure())
          .put("claim", card.claim())
          .put("verdict", card.verdict().name().toLowerCase(Locale.ROOT))
          .put("measured", card.measured());
    }
    ArrayNode notes = json.putArray("notes");
    result.notes().forEach(notes::add);
    ArrayNode tables = json.putArray("tables");
    for (ResultTable table : result.tables()) {
      ObjectNode one = tables.addObject();
      one.put("name", table.name());
      ArrayNode columns = one.putArray("columns");
      for (ResultTable.Column column : table.columns()) {
        columns
            .addObject()
            .put("name", column.name())
            .put("unit", column.unit())
            .put("definition", column.definition());
      }
      ArrayNode rows = one.putArray("rows");
      for (List<Object> row : table.rows()) {
        ArrayNode cells = rows.addArray();
        for (Object cell : row) {
          switch (cell) {
            case Double number when number.isNaN() -> cells.addNull();
            case Double number when number.isInfinite() -> cells.add(number.toString());
            case Double number -> cells.add(number);
            default -> cells.add(String.valueOf(cell));
          }
        }
      }
    }
    return MAPPER.writeValueAsString(json) + "\n";
  }

  private static String markdown(Study study, StudyData data, StudyResult result) {
    StringBuilder text = new StringBuilder();
    String title = study.about().title();
    text.append("# ").append(title.isEmpty() ? study.name() : title).append("\n\n");
    text.append(
        "Study %s (%s), %d of %d runs finished%s.\n"
            .formatted(
                study.name(),
                study.id(),
                data.runs().size(),
                study.plannedRuns().size(),
                study.about().figures().isEmpty()
                    ? ""
                    : "; beside " + study.about().place() + " of the paper"));
    if (!result.cards().isEmpty()) {
      text.append("\n| paper | claim | here | measured |\n|---|---|---|---|\n");
      for (PaperCard card : result.cards()) {
        text.append("| ")
            .append(cell(card.figure()))
            .append(" | ")
            .append(cell(card.claim()))
            .append(" | **")
            .append(card.verdict().name().toLowerCase(Locale.ROOT))
            .append("** | ")
            .append(cell(card.measured()))
            .append(" |\n");
      }
    }
    for (String note : result.notes()) {
      text.append("\n- ").append(note);
    }
    if (!result.notes().isEmpty()) {
      text.append('\n');
    }
    result.tables().forEach(table -> append(text, table));
    return text.toString();
  }

  private static void append(StringBuilder text, ResultTable table) {
    text.append("\n## ").append(table.name()).append("\n\n");
    for (ResultTable.Column column : table.columns()) {
      text.append("- `")
          .append(column.name())
          .append('`')
          .append(column.unit().isEmpty() ? "" : " (" + column.unit() + ")")
          .append(": ")
          .append(column.definition())
          .append('\n');
    }
    text.append('\n');
    if (table.size() > SHOWN_ROWS) {
      text.append(table.size())
          .append(" rows in `tables/")
          .append(table.name())
          .append("-0.jsonl`\n");
      return;
    }
    text.append("| ");
    table.columns().forEach(column -> text.append(column.name()).append(" | "));
    text.append("\n|").append("---|".repeat(table.columns().size())).append('\n');
    for (List<Object> row : table.rows()) {
      text.append("| ");
      row.forEach(one -> text.append(cell(shown(one))).append(" | "));
      text.append('\n');
    }
  }

  /** A cell for people: four significant digits. */
  public static String shown(Object cell) {
    if (!(cell instanceof Double number)) {
      return String.valueOf(cell);
    }
    if (number.isNaN()) {
      return "–";
    }
    if (number == Math.rint(number) && Math.abs(number) < 1e15) {
      return Long.toString(number.longValue());
    }
    return String.format(Locale.ROOT, "%.4g", number);
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replaceAll("\\s+", " ");
  }
}
