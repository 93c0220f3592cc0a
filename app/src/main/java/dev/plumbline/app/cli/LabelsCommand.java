package dev.plumbline.app.cli;

import dev.plumbline.data.UserError;
import dev.plumbline.labelling.Judgement;
import dev.plumbline.labelling.Label;
import dev.plumbline.labelling.LabelBatch;
import dev.plumbline.labelling.LabelBundle;
import dev.plumbline.labelling.LabelExport;
import dev.plumbline.labelling.LabelImport;
import dev.plumbline.labelling.LabelMode;
import dev.plumbline.labelling.LabelSet;
import dev.plumbline.labelling.Labels;
import dev.plumbline.labelling.Outcome;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline labels}: batches of pairs that people compare. */
@Command(
    name = "labels",
    description = "Batches of pairs that people compare on the Labels page, and what they make.",
    mixinStandardHelpOptions = true,
    subcommands = {
      LabelsNewCommand.class,
      LabelsCommand.ListBatches.class,
      LabelsShowCommand.class,
      LabelsAgreementCommand.class,
      LabelsCommand.Export.class,
      LabelsCommand.Import.class,
      LabelsCommand.Bundle.class,
      LabelsCommand.Receive.class
    })
final class LabelsCommand extends Group {
  @ParentCommand PlumblineCommand root = PlumblineCommand.NONE;

  @Override
  Output output() {
    return root.output();
  }

  static Path folder(WorkspaceOption workspace) {
    return workspace.directory.resolve("labels");
  }

  static LabelMode mode(String word) {
    for (LabelMode mode : LabelMode.values()) {
      if (mode.word().equals(word)) {
        return mode;
      }
    }
    throw new UserError("no mode is called '%s'; there are helpful, red-team".formatted(word));
  }

  /** A batch as scripts read it: labels are those that stand, hidden repeats left out. */
  record Batch(
      String id,
      String name,
      String mode,
      int levels,
      boolean blind,
      boolean closed,
      int pairs,
      int controls,
      int guidelineVersion,
      List<String> annotators,
      int labels,
      int skipped,
      int comparisons,
      SortedMap<String, Integer> dropped,
      int flagged,
      int conflicts) {
    static Batch of(LabelBatch batch) {
      Labels labels = batch.labels();
      LabelSet set = LabelSet.of(batch, labels);
      SortedMap<String, Integer> dropped = new TreeMap<>();
      set.dropped().forEach((reason, count) -> dropped.put(reason.word(), count));
      List<Label> own = labels.labels().stream().filter(label -> !label.repeat()).toList();
      int skipped =
          (int)
              own.stream()
                  .map(Label::judgement)
                  .map(Judgement::outcome)
                  .filter(Outcome.SKIPPED::equals)
                  .count();
      return new Batch(
          batch.id(),
          batch.settings().name(),
          batch.settings().mode().word(),
          batch.settings().levels(),
          batch.settings().blind(),
          batch.closed(),
          batch.items().size(),
          (int) batch.items().stream().filter(item -> item.expected().isPresent()).count(),
          batch.guidelines().version(),
          labels.annotators(),
          own.size() - skipped,
          skipped,
          set.rows().size(),
          dropped,
          (int) labels.notes().stream().filter(note -> note.note().flagged()).count(),
          labels.conflicts().size());
    }
  }

  /** {@code plumbline labels list}. */
  @Command(
      name = "list",
      description = "List the batches of a workspace.",
      mixinStandardHelpOptions = true)
  static final class ListBatches implements Callable<Integer> {
    @ParentCommand LabelsCommand parent = new LabelsCommand();
    @Mixin WorkspaceOption workspace = new WorkspaceOption();

    @Option(names = "--json", description = "The batches as JSON on standard output")
    boolean json;

    @Override
    public Integer call() {
      workspace.require();
      List<Batch> batches =
          LabelBatch.list(folder(workspace)).stream().map(LabelBatch::read).map(Batch::of).toList();
      Output output = parent.output();
      if (json) {
        output.json(batches);
        return CommandLineEntry.OK;
      }
      if (batches.isEmpty()) {
        output.line("no batch yet; `plumbline labels new` makes one");
      }
      for (Batch one : batches) {
        output.line(
            "%-28s %-9s %,6d labels of %,d pairs  %,6d comparisons  %s%s",
            one.id(),
            one.mode(),
            one.labels(),
            one.pairs(),
            one.comparisons(),
            one.annotators().isEmpty() ? "nobody yet" : String.join(", ", one.annotators()),
            one.closed() ? "  closed" : "");
      }
      return CommandLineEntry.OK;
    }
  }

  /** {@code plumbline labels export BATCH}. */
  @Command(
      name = "export",
      description =
          "Write what a batch's labels make: comparisons by the paper's rule (stronger than the"
              + " weakest), or every label (arena, csv).",
      mixinStandardHelpOptions = true)
  static final class Export implements Callable<Integer> {
    @ParentCommand LabelsCommand parent = new LabelsCommand();
    @Mixin BatchArgument batch = new BatchArgument();

    @Option(
        names = "--form",
        paramLabel = "FORM",
        description =
            "hh, trl, trl-conversational, openai, arena or csv (default: ${DEFAULT-VALUE})",
        defaultValue = "hh")
    String form = "hh";

    @Option(
        names = "--out",
        paramLabel = "FILE",
        required = true,
        description = "The file to write, .gz or not; none is replaced")
    Path out = Path.of("");

    @Option(names = "--json", description = "The counts as JSON on standard output")
    boolean json;

    /** The outcome as scripts read it; what was dropped is by pair. */
    record Written(String file, String form, long rows, SortedMap<String, Integer> dropped) {}

    @Override
    public Integer call() {
      LabelExport.Form wanted = LabelExport.Form.ofWord(form.toLowerCase(Locale.ROOT));
      LabelBatch found = batch.found();
      long rows = LabelExport.write(BatchArgument.fresh(out), wanted, found, found.labels());
      Batch counts = Batch.of(found);
      boolean all = wanted == LabelExport.Form.ARENA || wanted == LabelExport.Form.CSV;
      SortedMap<String, Integer> dropped = all ? new TreeMap<>() : counts.dropped();
      Output output = parent.output();
      if (json) {
        output.json(new Written(out.toString(), wanted.word(), rows, dropped));
        return CommandLineEntry.OK;
      }
      output.line("%s", out);
      output.line("  %,9d  rows (%s)", rows, wanted.word());
      dropped.forEach((reason, count) -> output.line("  %,9d  left out: %s", count, reason));
      return CommandLineEntry.OK;
    }
  }

  /** {@code plumbline labels import FILE}. */
  @Command(
      name = "import",
      description =
          "Take labels in as a batch of their own: hh-rlhf, TRL, OpenAI, arena battles, CSV, Label"
              + " Studio (JSON) or Argilla; the form is found by itself.",
      mixinStandardHelpOptions = true)
  static final class Import implements Callable<Integer> {
    @ParentCommand LabelsCommand parent = new LabelsCommand();
    @Mixin WorkspaceOption workspace = new WorkspaceOption();

    @Parameters(paramLabel = "FILE", description = "JSON Lines, JSON, CSV or TSV, .gz or not")
    Path file = Path.of("");

    @Option(
        names = "--name",
        paramLabel = "NAME",
        description = "What the batch is called (default: the file's name)")
    @Nullable String name;

    @Option(
        names = "--mode",
        paramLabel = "MODE",
        description = "helpful or red-team (default: what the rows say, else helpful)")
    @Nullable String mode;

    @Option(
        names = "--annotator",
        paramLabel = "NAME",
        description = "Who labelled where the file does not say (default: ${DEFAULT-VALUE})",
        defaultValue = "imported")
    String annotator = "imported";

    @Option(names = "--json", description = "The report as JSON on standard output")
    boolean json;

    /** The report as scripts read it. */
    record Taken(
        String batch,
        String form,
        long rows,
        int pairs,
        int labels,
        int comparisons,
        int withoutStrength,
        Map<String, Long> skipped) {}

    @Override
    public Integer call() {
      workspace.require();
      String called =
          name == null ? String.valueOf(file.getFileName()).replaceFirst("\\..*$", "") : name;
      LabelImport.Imported imported =
          LabelImport.read(
              folder(workspace),
              file,
              new LabelImport.Options(
                  called,
                  Optional.ofNullable(mode).map(LabelsCommand::mode),
                  annotator,
                  Instant.now().truncatedTo(ChronoUnit.MILLIS)));
      LabelBatch made = imported.batch();
      int comparisons = LabelSet.of(made, made.labels()).rows().size();
      Output output = parent.output();
      String form = imported.form().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      if (json) {
        output.json(
            new Taken(
                made.id(),
                form,
                imported.rows(),
                made.items().size(),
                imported.labels(),
                comparisons,
                imported.withoutStrength(),
                imported.skipped()));
        return CommandLineEntry.OK;
      }
      output.line("%s  (%s)", made.id(), form);
      output.line("  %,9d  rows", imported.rows());
      output.line("  %,9d  pairs", made.items().size());
      output.line("  %,9d  labels", imported.labels());
      output.line("  %,9d  comparisons by the paper's rule", comparisons);
      if (imported.withoutStrength() > 0) {
        output.line(
            "  %,9d  said no strength and got the weakest that counts", imported.withoutStrength());
      }
      imported
          .skipped()
          .forEach((reason, count) -> output.line("  %,9d  left out: %s", count, reason));
      return CommandLineEntry.OK;
    }
  }

  /** {@code plumbline labels bundle BATCH}. */
  @Command(
      name = "bundle",
      description =
          "Write a batch with all its labels as one file, to be labelled elsewhere and received"
              + " back.",
      mixinStandardHelpOptions = true)
  static final class Bundle implements Callable<Integer> {
    @ParentCommand LabelsCommand parent = new LabelsCommand();
    @Mixin BatchArgument batch = new BatchArgument();

    @Option(
        names = "--out",
        paramLabel = "FILE.zip",
        required = true,
        description = "The file to write; none is replaced")
    Path out = Path.of("");

    @Override
    public Integer call() {
      LabelBatch found = batch.found();
      LabelBundle.write(found, BatchArgument.fresh(out));
      parent.output().line("%s  %s with its labels", out, found.id());
      return CommandLineEntry.OK;
    }
  }

  /** {@code plumbline labels receive FILE}. */
  @Command(
      name = "receive",
      description =
          "Take in a batch that `labels bundle` wrote: its labels join those that are here, twice"
              + " as well as once.",
      mixinStandardHelpOptions = true)
  static final class Receive implements Callable<Integer> {
    @ParentCommand LabelsCommand parent = new LabelsCommand();
    @Mixin WorkspaceOption workspace = new WorkspaceOption();

    @Parameters(paramLabel = "FILE.zip", description = "What `labels bundle` wrote")
    Path file = Path.of("");

    @Option(names = "--json", description = "The outcome as JSON on standard output")
    boolean json;

    /** Two answers of one annotator to one pair that differ; the later one counts. */
    record Conflict(String annotator, String item, String earlier, String later) {}

    /** The outcome as scripts read it. */
    record Joined(String batch, boolean made, int events, List<Conflict> conflicts) {}

    @Override
    public Integer call() {
      workspace.require();
      LabelBundle.Received received = LabelBundle.receive(file, folder(workspace));
      List<Conflict> conflicts =
          received.conflicts().stream()
              .map(
                  each ->
                      new Conflict(
                          each.later().annotator(),
                          each.later().item().id(),
                          words(each.earlier()),
                          words(each.later())))
              .toList();
      Output output = parent.output();
      if (json) {
        output.json(
            new Joined(received.batch().id(), received.made(), received.events(), conflicts));
        return CommandLineEntry.OK;
      }
      output.line(
          "%s  %s, %,d new events, %,d conflicts",
          received.batch().id(),
          received.made() ? "made" : "was here",
          received.events(),
          conflicts.size());
      for (Conflict each : conflicts) {
        output.line(
            "  %s on %s: %s, then %s; the later counts",
            each.annotator(), each.item(), each.earlier(), each.later());
      }
      return CommandLineEntry.OK;
    }

    private static String words(Label label) {
      Judgement judgement = label.judgement();
      return judgement.level() == 0
          ? judgement.outcome().word()
          : judgement.outcome().word() + " " + judgement.level();
    }
  }
}
