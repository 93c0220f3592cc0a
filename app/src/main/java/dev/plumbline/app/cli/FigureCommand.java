package dev.plumbline.app.cli;

import dev.plumbline.analysis.ResultTable;
import dev.plumbline.app.feed.ProjectFigures;
import dev.plumbline.app.feed.RewardFigure;
import dev.plumbline.app.feed.StoreReader;
import dev.plumbline.app.feed.StudyFigures;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.ProgramVersion;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.FigureBatch;
import dev.plumbline.figure.FigureExport;
import dev.plumbline.figure.FigureJson;
import dev.plumbline.figure.FigureSize;
import dev.plumbline.figure.FigureStyle;
import dev.plumbline.figure.HouseStyle;
import dev.plumbline.figure.PaperFigures;
import dev.plumbline.figure.ResultTableText;
import dev.plumbline.figure.catalogue.PaperIndex;
import dev.plumbline.figure.catalogue.RunCatalogue;
import dev.plumbline.figure.catalogue.RunRecipe;
import dev.plumbline.workspace.RunRow;
import dev.plumbline.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code plumbline figure}: figures for papers, without a window. */
@Command(
    name = "figure",
    description = "Draw figures for papers.",
    mixinStandardHelpOptions = true,
    subcommands = {
      FigureCommand.Export.class,
      FigureCommand.Catalogue.class,
      FigureCommand.OfStudy.class,
      FigureCommand.OfRun.class,
      FigureCommand.Difference.class,
      FigureCommand.Tables.class,
      FigureCommand.Redraw.class
    })
final class FigureCommand extends Group {
  @ParentCommand PlumblineCommand root = PlumblineCommand.NONE;

  @Override
  Output output() {
    return root.output();
  }

  /** {@code plumbline figure export}. */
  @Command(
      name = "export",
      description =
          "Write PM score against sqrt(KL) of some policies; the file's ending says how: .svg,"
              + " .pdf, .png, .csv, .tex (PGFPlots), .vl.json (Vega-Lite) or .json (the figure"
              + " itself). With --all every figure of the workspace, to a directory.",
      mixinStandardHelpOptions = true)
  static final class Export implements Callable<Integer> {
    @ParentCommand FigureCommand parent = new FigureCommand();
    @Mixin WorkspaceOption workspace = new WorkspaceOption();

    @Option(
        names = "--run",
        paramLabel = "RUN",
        description = "A policy's run id or name; repeat for more (default: the newest policy)")
    List<String> names = new ArrayList<>();

    @Option(
        names = "--out",
        paramLabel = "FILE",
        required = true,
        description = "File to write, repeat for more formats; with --all the directory")
    List<Path> files = new ArrayList<>();

    @Option(
        names = "--all",
        description = "Every figure that studies make and people keep, with their changes")
    boolean all;

    @Mixin FormatsOption formats = new FormatsOption();
    @Mixin StyleOption style = new StyleOption();
    @Mixin WidthOption width = new WidthOption();

    @Option(
        names = "--range",
        paramLabel = "LOW:HIGH",
        description = "Range of sqrt(KL) that the line is fitted on (default: all of it)")
    @Nullable String range;

    @Option(names = "--no-gold", description = "Leave the gold reward out")
    boolean noGold;

    @Option(names = "--json", description = "Slopes with intervals as JSON on standard output")
    boolean json;

    /** A slope as scripts read it. */
    record Slope(
        String label,
        List<String> runs,
        double slope,
        double low,
        double high,
        String method,
        double intercept) {}

    /** What was written. */
    record Result(List<String> files, List<Slope> slopes, List<String> refused) {}

    @Override
    public Integer call() {
      if (all) {
        return project();
      }
      width.inches();
      for (Path file : files) {
        format(file);
      }
      try (Workspace store = workspace.existing()) {
        if (store.access() != Workspace.Access.HELD) {
          store.ingest();
        }
        PaperFigures.RewardKlChart chart =
            RewardFigure.of(new StoreReader(store), chosen(store), options(), ProgramVersion.TEXT);
        write(chart.figure(), width.inches(), files);
        Output output = parent.output();
        List<Slope> slopes =
            chart.slopes().stream()
                .map(
                    row ->
                        new Slope(
                            row.label(),
                            row.runs(),
                            row.slope(),
                            row.interval().low(),
                            row.interval().high(),
                            row.method(),
                            row.intercept()))
                .toList();
        if (json) {
          output.json(
              new Result(files.stream().map(Path::toString).toList(), slopes, chart.refused()));
        } else {
          slopes.forEach(
              slope ->
                  output.line(
                      "%s: slope %.3f nats per sqrt(nat), 95 %% %.3f to %.3f (%s)",
                      slope.label(), slope.slope(), slope.low(), slope.high(), slope.method()));
          files.forEach(file -> output.line("%s", file));
        }
        chart.refused().forEach(line -> output.note("left out: %s", line));
        return CommandLineEntry.OK;
      }
    }

    private Integer project() {
      if (files.size() != 1) {
        throw new UserError("--all writes to one directory; give one --out DIR");
      }
      List<FigureBatch.Done> done =
          FigureBatch.export(items(workspace), style.style(width), formats.all(), files.getFirst());
      if (json) {
        parent.output().json(done.stream().map(Changed::of).toList());
      } else {
        done.forEach(one -> tell(parent.output(), one));
        parent.output().line("%d figures in %s", done.size(), files.getFirst());
      }
      return CommandLineEntry.OK;
    }

    private PaperFigures.Options options() {
      PaperFigures.Options all = PaperFigures.Options.ALL;
      PaperFigures.Options options =
          new PaperFigures.Options(all.fit(), all.lines(), all.theory(), !noGold, all.marks());
      if (range == null) {
        return options;
      }
      try {
        List<Double> ends = Arrays.stream(range.split(":", -1)).map(Double::valueOf).toList();
        if (ends.size() == 2 && ends.get(0) < ends.get(1)) {
          return options.over(ends.get(0), ends.get(1));
        }
      } catch (NumberFormatException e) {
        // Said below, as any other form that is not LOW:HIGH.
      }
      throw new UserError("--range " + range + " is not LOW:HIGH; for instance 0:2");
    }

    private List<RunRow> chosen(Workspace store) {
      List<RunRow> policies =
          store.runs().stream().filter(run -> run.stage().equals("rlhf")).toList();
      if (policies.isEmpty()) {
        throw new UserError(
            "no policy in " + workspace.directory + "; run a spec with an rlhf stage first");
      }
      if (names.isEmpty()) {
        return List.of(
            policies.stream().max(java.util.Comparator.comparing(RunRow::created)).orElseThrow());
      }
      List<RunRow> found = new ArrayList<>();
      for (String name : names) {
        found.add(
            policies.stream()
                .filter(run -> run.id().equals(name) || run.name().equals(name))
                .max(java.util.Comparator.comparing(RunRow::created))
                .orElseThrow(
                    () ->
                        new UserError(
                            "no policy '"
                                + name
                                + "' in "
                                + workspace.directory
                                + "; `plumbline runs` lists them")));
      }
      return found;
    }
  }

  /** {@code plumbline figure list}. */
  @Command(
      name = "list",
      description = "The paper's figures that can be drawn, and what each needs.",
      mixinStandardHelpOptions = true)
  static final class Catalogue implements Callable<Integer> {
    @ParentCommand FigureCommand parent = new FigureCommand();

    @Option(names = "--json", description = "As JSON on standard output")
    boolean json;

    /** A figure of the paper as scripts read it. */
    record Entry(int figure, String shows, List<String> studies, List<String> runs, String note) {}

    @Override
    public Integer call() {
      List<Entry> entries =
          PaperIndex.all().stream()
              .map(
                  entry ->
                      new Entry(
                          entry.number(),
                          entry.shows(),
                          entry.studies().stream()
                              .map(recipe -> recipe.id() + " (" + recipe.analysis() + ")")
                              .toList(),
                          entry.runs().stream()
                              .map(recipe -> recipe.id() + " (" + recipe.stage() + ")")
                              .toList(),
                          entry.reason()))
              .toList();
      Output output = parent.output();
      if (json) {
        output.json(entries);
        return CommandLineEntry.OK;
      }
      for (Entry entry : entries) {
        output.line("Fig. %-3d %s", entry.figure(), entry.shows());
        entry.studies().forEach(recipe -> output.line("         study: %s", recipe));
        entry.runs().forEach(recipe -> output.line("         run:   %s", recipe));
        if (!entry.note().isEmpty()) {
          boolean drawn = !entry.studies().isEmpty() || !entry.runs().isEmpty();
          output.line("         %s: %s", drawn ? "note" : "not drawn", entry.note());
        }
      }
      long drawn =
          entries.stream().filter(e -> !e.studies().isEmpty() || !e.runs().isEmpty()).count();
      output.line("%d of %d figures can be drawn", drawn, entries.size());
      return CommandLineEntry.OK;
    }
  }

  /** {@code plumbline figure redraw FILE}. */
  @Command(
      name = "redraw",
      description =
          "Draw a figure again from the JSON that it was exported to; nothing else is needed.",
      mixinStandardHelpOptions = true)
  static final class Redraw implements Callable<Integer> {
    @ParentCommand FigureCommand parent = new FigureCommand();

    @Parameters(paramLabel = "FILE", description = "A figure's .json")
    Path file = Path.of("");

    @Option(
        names = "--out",
        paramLabel = "FILE",
        required = true,
        description = "File to write; repeat for more formats")
    List<Path> files = new ArrayList<>();

    @Mixin WidthOption width = new WidthOption();

    @Override
    public Integer call() {
      files.forEach(FigureCommand::format);
      write(FigureJson.read(file), width.inches(), files);
      files.forEach(written -> parent.output().line("%s", written));
      return CommandLineEntry.OK;
    }
  }

  /** {@code plumbline figure study STUDY}: every figure of the catalogue that a study has. */
  @Command(
      name = "study",
      description = "Write every figure that a study's results make, a file for each and format.",
      mixinStandardHelpOptions = true)
  static final class OfStudy implements Callable<Integer> {
    @ParentCommand FigureCommand parent = new FigureCommand();
    @Mixin StudyArgument study = new StudyArgument();

    @Option(
        names = "--out",
        paramLabel = "DIR",
        required = true,
        description = "Directory to write to")
    Path directory = Path.of("");

    @Option(
        names = "--format",
        paramLabel = "FORMAT",
        split = ",",
        defaultValue = "pdf",
        description =
            "svg, pdf, png, csv, tex, vl.json or json; with commas between (default:"
                + " ${DEFAULT-VALUE})")
    List<String> formats = new ArrayList<>();

    @Mixin StyleOption style = new StyleOption();
    @Mixin WidthOption width = new WidthOption();

    @Option(names = "--json", description = "What was written as JSON on standard output")
    boolean json;

    /** A figure that was written. */
    record Written(String figure, String title, List<String> files) {}

    @Override
    public Integer call() {
      HouseStyle look = style.style(width);
      formats.forEach(name -> format(Path.of("figure." + name)));
      List<Written> written = new ArrayList<>();
      String id = study.found().id();
      try (Workspace store = study.workspace.existing()) {
        if (store.access() != Workspace.Access.HELD) {
          store.ingest();
        }
        for (StudyFigures.Drawn drawn :
            StudyFigures.of(new StoreReader(store), id, ProgramVersion.TEXT)) {
          List<Path> files =
              formats.stream()
                  .map(name -> directory.resolve(drawn.recipe().id() + "." + name))
                  .toList();
          write(drawn.figure(), look, files);
          written.add(
              new Written(
                  drawn.recipe().number(),
                  drawn.recipe().title(),
                  files.stream().map(Path::toString).toList()));
        }
      }
      if (written.isEmpty()) {
        throw new UserError(
            "study '"
                + study.name
                + "' has no results that make a figure; `plumbline study show "
                + study.name
                + "` says how far it is, `plumbline figure list` what can be drawn");
      }
      if (json) {
        parent.output().json(written);
      } else {
        written.forEach(one -> one.files().forEach(file -> parent.output().line("%s", file)));
      }
      return CommandLineEntry.OK;
    }
  }

  /** {@code plumbline figure run RUN}: the figures that a run's tables make. */
  @Command(
      name = "run",
      description = "Write every figure that a run's result tables make, or one of them.",
      mixinStandardHelpOptions = true)
  static final class OfRun implements Callable<Integer> {
    @ParentCommand FigureCommand parent = new FigureCommand();
    @Mixin WorkspaceOption workspace = new WorkspaceOption();

    @Parameters(paramLabel = "RUN", description = "The run's name or id")
    String name = "";

    @Option(
        names = "--recipe",
        paramLabel = "ID",
        description = "Only this one of `figure list`; repeat for more")
    List<String> recipes = new ArrayList<>();

    @Option(
        names = "--out",
        paramLabel = "DIR",
        required = true,
        description = "Directory to write to")
    Path directory = Path.of("");

    @Mixin FormatsOption formats = new FormatsOption();
    @Mixin StyleOption style = new StyleOption();
    @Mixin WidthOption width = new WidthOption();

    @Override
    public Integer call() {
      HouseStyle look = style.style(width);
      for (String recipe : recipes) {
        if (RunCatalogue.of(recipe).isEmpty()) {
          throw new UserError(
              "--recipe " + recipe + " is none; `plumbline figure list` names those of runs");
        }
      }
      int written = 0;
      try (Workspace store = workspace.existing()) {
        if (store.access() != Workspace.Access.HELD) {
          store.ingest();
        }
        RunRow run =
            store.runs().stream()
                .filter(row -> row.id().equals(name) || row.name().equals(name))
                .max(java.util.Comparator.comparing(RunRow::created))
                .orElseThrow(
                    () ->
                        new UserError(
                            "no run '"
                                + name
                                + "' in "
                                + workspace.directory
                                + "; `plumbline runs` lists them"));
        for (RunRecipe recipe : RunCatalogue.all()) {
          if (!recipes.isEmpty() && !recipes.contains(recipe.id())) {
            continue;
          }
          java.util.Optional<Figure> figure =
              ProjectFigures.ofRun(
                  new StoreReader(store), run.id(), recipe.id(), ProgramVersion.TEXT);
          if (figure.isPresent()) {
            List<Path> files =
                formats.all().stream()
                    .map(
                        format ->
                            directory.resolve(
                                ProjectFigures.name(run, recipe.id()) + "." + format.extension()))
                    .toList();
            write(figure.get(), look, files);
            files.forEach(file -> parent.output().line("%s", file));
            written++;
          }
        }
      }
      if (written == 0) {
        throw new UserError(
            "run '"
                + name
                + "' has no table that makes a figure; `plumbline figure list` says which do");
      }
      return CommandLineEntry.OK;
    }
  }

  /** {@code plumbline figure diff}: what an export of the project would change. */
  @Command(
      name = "diff",
      description =
          "Say what would differ from the last `figure export --all`, number by number; with"
              + " --pictures also as pictures.",
      mixinStandardHelpOptions = true)
  static final class Difference implements Callable<Integer> {
    @ParentCommand FigureCommand parent = new FigureCommand();
    @Mixin WorkspaceOption workspace = new WorkspaceOption();

    @Option(
        names = "--out",
        paramLabel = "DIR",
        required = true,
        description = "Directory of the last export")
    Path directory = Path.of("");

    @Option(
        names = "--pictures",
        description = "Write NAME-diff.png for each that looks different: then, now, difference")
    boolean pictures;

    @Mixin StyleOption style = new StyleOption();
    @Mixin WidthOption width = new WidthOption();

    @Option(names = "--json", description = "As JSON on standard output")
    boolean json;

    @Override
    public Integer call() {
      List<FigureBatch.Done> done =
          FigureBatch.diff(items(workspace), style.style(width), directory, pictures);
      if (json) {
        parent.output().json(done.stream().map(Changed::of).toList());
      } else {
        done.forEach(one -> tell(parent.output(), one));
      }
      return CommandLineEntry.OK;
    }
  }

  /** {@code plumbline figure tables STUDY}: the tables behind a study's figures. */
  @Command(
      name = "tables",
      description =
          "Write the tables of a study's results as LaTeX (booktabs), Markdown and CSV, with"
              + " units.",
      mixinStandardHelpOptions = true)
  static final class Tables implements Callable<Integer> {
    @ParentCommand FigureCommand parent = new FigureCommand();
    @Mixin StudyArgument study = new StudyArgument();

    @Option(
        names = "--out",
        paramLabel = "DIR",
        required = true,
        description = "Directory to write to")
    Path directory = Path.of("");

    @Override
    public Integer call() {
      String id = study.found().id();
      try (Workspace store = study.workspace.existing()) {
        if (store.access() != Workspace.Access.HELD) {
          store.ingest();
        }
        Files.createDirectories(directory);
        for (String name : store.studyResults(id)) {
          ResultTable table = store.studyResult(id, name).orElseThrow();
          for (java.util.Map.Entry<String, String> text :
              java.util.Map.of(
                      "tex", ResultTableText.booktabs(table),
                      "md", ResultTableText.markdown(table),
                      "csv", ResultTableText.csv(table))
                  .entrySet()) {
            Path file = directory.resolve(name + "." + text.getKey());
            Files.writeString(file, text.getValue());
          }
          parent
              .output()
              .line("%s: %d rows, as .tex, .md and .csv", directory.resolve(name), table.size());
        }
      } catch (IOException e) {
        throw new UserError(
            "cannot write " + directory + ": " + e.getMessage() + "; check its rights", e);
      }
      return CommandLineEntry.OK;
    }
  }

  /** What became of a figure, as scripts read it. */
  record Changed(
      String figure, String verdict, double pixels, List<String> differences, List<String> files) {
    static Changed of(FigureBatch.Done done) {
      return new Changed(
          done.name(),
          done.diff().verdict().name().toLowerCase(Locale.ROOT),
          done.diff().pixels(),
          done.diff().lines(),
          done.files().stream().map(Path::toString).toList());
    }
  }

  private static void tell(Output output, FigureBatch.Done done) {
    String verdict =
        switch (done.diff().verdict()) {
          case SAME -> "same";
          case UNSEEN -> "looks the same";
          case CHANGED ->
              String.format(Locale.ROOT, "changed, %.2f %% of pixels", 100 * done.diff().pixels());
          case NEW -> "new";
          case GONE -> "gone";
        };
    output.line("%-44s %s", done.name(), verdict);
    done.diff().lines().stream().limit(6).forEach(line -> output.line("    %s", line));
    if (done.diff().lines().size() > 6) {
      output.line("    and %d more", done.diff().lines().size() - 6);
    }
  }

  private static List<FigureBatch.Item> items(WorkspaceOption workspace) {
    try (Workspace store = workspace.existing()) {
      if (store.access() != Workspace.Access.HELD) {
        store.ingest();
      }
      List<FigureBatch.Item> items = ProjectFigures.of(new StoreReader(store), ProgramVersion.TEXT);
      if (items.isEmpty()) {
        throw new UserError(
            "no figures in "
                + workspace.directory
                + "; run a study of `plumbline study list` first");
      }
      return items;
    }
  }

  /** The formats of a batch. */
  static final class FormatsOption {
    @Option(
        names = "--format",
        paramLabel = "FORMAT",
        split = ",",
        defaultValue = "pdf",
        description =
            "svg, pdf, png, csv, tex, vl.json or json; with commas between (default:"
                + " ${DEFAULT-VALUE})")
    List<String> names = new ArrayList<>();

    List<FigureExport.Format> all() {
      return names.stream().map(name -> format(Path.of("figure." + name))).toList();
    }
  }

  /** How figures look: a venue, or a house style from a file. */
  static final class StyleOption {
    @Option(
        names = "--venue",
        paramLabel = "VENUE",
        description =
            "Width and text of a venue: neurips, iclr, icml-column, icml-page, aaai-column,"
                + " aaai-page, acl-column, acl-page, jmlr, tmlr, ieee-column, ieee-page,"
                + " nature-column, nature-page, talk, talk-half, poster-column or poster")
    @Nullable String venue;

    @Option(
        names = "--style",
        paramLabel = "FILE",
        description = "A house style that was saved to a file; it stands above --venue")
    @Nullable Path file;

    HouseStyle style(WidthOption width) {
      if (file != null) {
        return HouseStyle.read(file);
      }
      if (venue == null) {
        FigureSize size = FigureSize.ofWidth(width.inches());
        return HouseStyle.of(FigureSize.Venue.NEURIPS)
            .sized(size.widthInches(), size.heightInches());
      }
      String wanted = venue;
      return HouseStyle.of(
          FigureSize.Venue.of(wanted)
              .orElseThrow(
                  () ->
                      new UserError(
                          "--venue "
                              + wanted
                              + " is none; `plumbline figure export --help` lists them")));
    }
  }

  /** The width of a figure. */
  static final class WidthOption {
    @Option(
        names = "--width",
        paramLabel = "INCHES",
        description = "Width of the column (default: ${DEFAULT-VALUE})",
        defaultValue = "5.5")
    double width;

    /**
     * The width in inches.
     *
     * @throws UserError where no figure can be that wide
     */
    double inches() {
      if (!(width > 0.5 && width < 50)) {
        throw new UserError("--width " + width + " will not do; give inches between 0.5 and 50");
      }
      return width;
    }
  }

  /** Writes a figure to each file in the format of its ending. */
  static void write(Figure figure, double width, List<Path> files) {
    write(figure, FigureStyle.paper(), FigureSize.ofWidth(width), files);
  }

  private static void write(Figure figure, HouseStyle style, List<Path> files) {
    write(figure, style.style(), style.size(), files);
  }

  private static void write(Figure figure, FigureStyle style, FigureSize size, List<Path> files) {
    for (Path file : files) {
      try {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
          Files.createDirectories(parent);
        }
        FigureExport.write(format(file), figure, style, size, file);
      } catch (IOException e) {
        throw new UserError(
            "cannot write " + file + ": " + e.getMessage() + "; check its rights and free space",
            e);
      }
    }
  }

  private static FigureExport.Format format(Path file) {
    return FigureExport.Format.ofFile(file)
        .orElseThrow(
            () ->
                new UserError(
                    file
                        + ": its ending says no format; use .svg, .pdf, .png, .csv, .tex, .vl.json"
                        + " or .json"));
  }
}
