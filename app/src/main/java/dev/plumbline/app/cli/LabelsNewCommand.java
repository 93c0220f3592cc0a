package dev.plumbline.app.cli;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.UserError;
import dev.plumbline.labelling.BatchSettings;
import dev.plumbline.labelling.LabelBatch;
import dev.plumbline.labelling.LabelItem;
import dev.plumbline.labelling.LabelMode;
import dev.plumbline.labelling.LabelQueue;
import dev.plumbline.labelling.LabelSelection;
import dev.plumbline.labelling.PairSources;
import dev.plumbline.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline labels new}: a batch from a file of pairs or from a run's responses. */
@Command(
    name = "new",
    description =
        "Make a batch from a file of pairs (any form of comparisons), or from the responses of a"
            + " `matches` run, run:ID.",
    mixinStandardHelpOptions = true)
final class LabelsNewCommand implements Callable<Integer> {
  private static final String RUN = "run:";

  @ParentCommand LabelsCommand parent = new LabelsCommand();
  @Mixin WorkspaceOption workspace = new WorkspaceOption();

  @Parameters(paramLabel = "SOURCE", description = "A file of pairs, or run:ID")
  String source = "";

  @Option(names = "--name", paramLabel = "NAME", required = true, description = "What it is called")
  String name = "";

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description =
          "helpful: the better one is chosen; red-team: the more harmful one, with the paper's"
              + " closing ratings (default: ${DEFAULT-VALUE})",
      defaultValue = "helpful")
  String mode = "helpful";

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Pairs (default: ${DEFAULT-VALUE})",
      defaultValue = "100")
  int count;

  @Option(
      names = "--by",
      paramLabel = "RULE",
      description =
          "random, uncertainty (|p - 0.5| of a preference model), disagreement (of several), ood,"
              + " strata:NAME (shares of an attribute's values) or an attribute's name, the highest"
              + " first (default: ${DEFAULT-VALUE})",
      defaultValue = LabelSelection.AT_RANDOM)
  String by = LabelSelection.AT_RANDOM;

  @Option(
      names = "--random",
      paramLabel = "SHARE",
      description =
          "Share that is drawn at random whatever the rule, so that estimates stay unbiased"
              + " (default: ${DEFAULT-VALUE})",
      defaultValue = "0.3")
  double random;

  @Option(
      names = "--reference",
      paramLabel = "MODEL",
      description =
          "Of a run's models, the one that all others are compared with, such as the newest"
              + " snapshot (default: all with all)")
  @Nullable String reference;

  @Option(
      names = "--ood",
      paramLabel = "RUN",
      description = "The `ood` run whose scores of the same prompts --by ood goes by")
  @Nullable String ood;

  @Option(
      names = "--gold",
      paramLabel = "FILE",
      description = "Comparisons whose answer is known, mixed unseen among the pairs")
  @Nullable Path gold;

  @Option(
      names = "--gold-count",
      paramLabel = "N",
      description = "How many of them (default: ${DEFAULT-VALUE})",
      defaultValue = "5")
  int goldCount;

  @Option(
      names = "--levels",
      paramLabel = "N",
      description = "Strengths on each side, the weakest is not used (default: ${DEFAULT-VALUE})",
      defaultValue = "4")
  int levels;

  @Option(
      names = "--repeats",
      paramLabel = "SHARE",
      description = "Share shown again, unsaid (default: ${DEFAULT-VALUE})",
      defaultValue = "0.05")
  double repeats;

  @Option(
      names = "--question",
      paramLabel = "TEXT",
      description = "A further question on the same scale; may be given more than once")
  List<String> questions = List.of();

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Of the draw, order and sides (default: ${DEFAULT-VALUE})",
      defaultValue = "1")
  long seed;

  @Option(names = "--not-blind", description = "Show who wrote what from the start")
  boolean open;

  @Option(
      names = "--guidelines",
      paramLabel = "FILE.md",
      description = "What annotators are told, Markdown")
  @Nullable Path guidelines;

  @Option(names = "--json", description = "The outcome as JSON on standard output")
  boolean json;

  /** The outcome as scripts read it: pool and chosen are pairs, chosen ones by why. */
  record Made(String batch, int pool, int pairs, int controls, SortedMap<String, Integer> chosen) {}

  @Override
  public Integer call() {
    workspace.require();
    LabelMode asked = LabelsCommand.mode(mode);
    BatchSettings settings = settings(asked);
    List<LabelItem> controls =
        gold == null ? List.of() : LabelQueue.gold(gold, goldCount, asked, seed);
    List<LabelItem> pool = LabelQueue.without(pool(), controls);
    List<LabelItem> drawn = queue().draw(pool, source);
    List<LabelItem> all = Stream.concat(controls.stream(), drawn.stream()).toList();
    String told = told();
    LabelBatch batch = LabelBatch.create(LabelsCommand.folder(workspace), settings, all);
    if (!told.isBlank()) {
      batch.guide(told);
    }
    SortedMap<String, Integer> chosen = new TreeMap<>();
    for (LabelItem item : drawn) {
      chosen.merge(item.attributes().getOrDefault(LabelItem.SELECTED_BY, ""), 1, Integer::sum);
    }
    Output output = parent.output();
    if (json) {
      output.json(new Made(batch.id(), pool.size(), drawn.size(), controls.size(), chosen));
      return CommandLineEntry.OK;
    }
    output.line(
        "%s  %,d pairs of %,d, %,d control items",
        batch.id(), drawn.size(), pool.size(), controls.size());
    chosen.forEach((rule, number) -> output.line("  %,9d  by %s", number, rule));
    return CommandLineEntry.OK;
  }

  private BatchSettings settings(LabelMode asked) {
    BatchSettings paper = BatchSettings.paper(name, asked, seed);
    try {
      return new BatchSettings(
          name.strip(), asked, levels, questions, paper.ratings(), seed, repeats, !open, 0);
    } catch (IllegalArgumentException e) {
      throw new UserError(String.valueOf(e.getMessage()), e);
    }
  }

  private LabelQueue queue() {
    if (count < 1 || !(random >= 0 && random <= 1)) {
      throw new UserError("--count is at least 1 and --random a share from 0 to 1");
    }
    return new LabelQueue(count, random, by, seed);
  }

  private List<LabelItem> pool() {
    List<LabelItem> pool;
    if (source.startsWith(RUN)) {
      String run = source.substring(RUN.length());
      pool =
          PairSources.responses(table(run, "responses"), run, reference == null ? "" : reference);
    } else {
      pool = PairSources.file(Path.of(source));
    }
    return ood == null
        ? pool
        : LabelQueue.withOodScores(
            pool, LabelQueue.oodScores(table(ood, "prompts"), table(ood, "scores")));
  }

  private ResultTable table(String run, String name) {
    workspace.ingest();
    try (Workspace store = workspace.existing()) {
      return store
          .result(run, name, OptionalLong.empty())
          .orElseThrow(
              () ->
                  new UserError(
                      "run %s has no table '%s'; responses come from a `matches` run, scores of"
                              .formatted(run, name)
                          + " prompts from an `ood` run"));
    }
  }

  private String told() {
    if (guidelines == null) {
      return "";
    }
    try {
      return Files.readString(guidelines);
    } catch (IOException e) {
      throw new UserError(guidelines + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
