package dev.plumbline.app.cli;

import dev.plumbline.data.DataConverter;
import dev.plumbline.data.DataField;
import dev.plumbline.data.DataForm;
import dev.plumbline.data.DataKind;
import dev.plumbline.data.DataMapping;
import dev.plumbline.data.DataPreview;
import dev.plumbline.data.DataReport;
import dev.plumbline.data.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline data import}: writes a file of any form as the stages read it. */
@Command(
    name = "import",
    description = {
      "Write a data file of another form as the JSON Lines that the stages read, and tell what was"
          + " left out, why and on which line.",
      "JSON Lines, a JSON array, CSV and TSV, .gz or not, and Parquet; the form is recognised, or"
          + " columns are named with --column. Other columns are kept as attributes."
    },
    mixinStandardHelpOptions = true)
final class DataImportCommand implements Callable<Integer> {
  private static final long STEP_NANOS = 2_000_000_000L;

  @ParentCommand DataCommand parent = new DataCommand();

  @Parameters(paramLabel = "FILE", description = "The file to import")
  Path file = Path.of("");

  @Option(
      names = "--out",
      paramLabel = "OUT",
      required = true,
      description = "A .jsonl or .jsonl.gz to write; one that is there is not replaced")
  Path out = Path.of("");

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "comparisons, dialogues or prompts (default: what the columns are)")
  @Nullable String kind;

  @Option(
      names = "--column",
      paramLabel = "FIELD=COLUMN",
      description =
          "Which column is what, a dot leads into an object: prompt, chosen, rejected, winner,"
              + " text, response, tranche, source, margin, score_chosen, score_rejected; with"
              + " nothing behind = the field has no column")
  Map<String, String> columns = new LinkedHashMap<>();

  @Option(names = "--json", description = "The report as JSON on standard output")
  boolean json;

  /** The report as scripts read it. */
  record Report(
      String file,
      String form,
      String kind,
      SortedMap<String, String> columns,
      String out,
      long lines,
      long blank,
      long used,
      long left,
      List<DataReport.Count> skipped,
      List<DataReport.Count> notes) {}

  @Override
  public Integer call() {
    Path target = out.toAbsolutePath();
    String name = String.valueOf(target.getFileName());
    if (!name.endsWith(".jsonl") && !name.endsWith(".jsonl.gz")) {
      throw new UserError(out + ": give --out a name that ends in .jsonl or .jsonl.gz");
    }
    if (Files.exists(target)) {
      throw new UserError(out + ": is there already; give another name or remove it");
    }
    DataPreview preview = DataPreview.of(file);
    DataMapping mapping = mapping(preview);
    Output output = parent.output();
    DataReport report = DataConverter.convert(file, mapping, target, progress(output));
    if (json) {
      output.json(report(preview, mapping, report));
      return CommandLineEntry.OK;
    }
    output.line(
        "%s  %s (%s)", file, name(mapping.kind()), preview.form().name().toLowerCase(Locale.ROOT));
    mapping.columns().forEach((field, column) -> output.line("  %-15s %s", name(field), column));
    output.line("%,11d  rows written to %s", report.used(), out);
    for (DataReport.Count each : report.skipped()) {
      output.line("%,11d  left out: %s (%s)", each.count(), each.reason(), where(each));
    }
    for (DataReport.Count each : report.notes()) {
      output.line("%,11d  kept: %s (%s)", each.count(), each.reason(), where(each));
    }
    return CommandLineEntry.OK;
  }

  private DataMapping mapping(DataPreview preview) {
    DataMapping mapping = preview.mapping();
    if (kind != null) {
      DataKind wanted = chosen(DataKind.values(), kind, "--kind");
      if (wanted != mapping.kind()) {
        mapping = DataMapping.guess(wanted, preview.columns());
      }
    }
    for (Map.Entry<String, String> each : columns.entrySet()) {
      DataField field = chosen(DataField.values(), each.getKey(), "--column");
      if (!DataMapping.fields(mapping.kind()).contains(field)) {
        throw new UserError(
            "--column %s: rows of kind %s have none; they have %s"
                .formatted(
                    each.getKey(),
                    name(mapping.kind()),
                    DataMapping.fields(mapping.kind()).stream()
                        .map(DataImportCommand::name)
                        .collect(Collectors.joining(", "))));
      }
      String column = each.getValue();
      if (!column.isEmpty() && !preview.columns().contains(column)) {
        throw new UserError(
            "--column %s=%s: %s has no such column in its first rows; it has %s"
                .formatted(each.getKey(), column, file, String.join(", ", preview.columns())));
      }
      mapping = mapping.with(field, column);
    }
    if (!mapping.missing().isEmpty()) {
      throw new UserError(
          "%s: no column is known for %s%s; name one with --column %s=COLUMN, of %s"
              .formatted(
                  file,
                  name(mapping.missing().getFirst()),
                  preview.form() == DataForm.UNKNOWN ? ", because its form is not known" : "",
                  name(mapping.missing().getFirst()),
                  String.join(", ", preview.columns())));
    }
    return mapping;
  }

  private static <E extends Enum<E>> E chosen(E[] values, String text, String option) {
    return Arrays.stream(values)
        .filter(each -> name(each).equals(text.strip().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "%s %s: is none of %s"
                        .formatted(
                            option,
                            text,
                            Arrays.stream(values)
                                .map(DataImportCommand::name)
                                .collect(Collectors.joining(", ")))));
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** The first lines of a reason, with what is there. */
  private static String where(DataReport.Count count) {
    DataReport.Example first = count.examples().getFirst();
    return "first in line %,d%s"
        .formatted(first.line(), first.detail().isEmpty() ? "" : ": " + first.detail());
  }

  private LongConsumer progress(Output output) {
    long size = size();
    long[] told = {System.nanoTime()};
    return bytes -> {
      long now = System.nanoTime();
      if (now - told[0] >= STEP_NANOS) {
        told[0] = now;
        output.progress("%d %% of %s read".formatted(100 * bytes / size, file));
      }
    };
  }

  private long size() {
    try {
      return Math.max(1, Files.size(file));
    } catch (IOException e) {
      throw new UserError(file + ": cannot be read (" + e.getMessage() + ")", e);
    }
  }

  private Report report(DataPreview preview, DataMapping mapping, DataReport report) {
    SortedMap<String, String> used = new TreeMap<>();
    mapping.columns().forEach((field, column) -> used.put(name(field), column));
    return new Report(
        file.toString(),
        name(preview.form()),
        name(mapping.kind()),
        used,
        out.toString(),
        report.lines(),
        report.blank(),
        report.used(),
        report.left(),
        report.skipped(),
        report.notes());
  }
}
