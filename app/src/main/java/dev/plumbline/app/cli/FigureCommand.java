package dev.plumbline.app.cli;

import dev.plumbline.app.feed.RewardFigure;
import dev.plumbline.app.feed.StoreReader;
import dev.plumbline.app.feed.StudyFigures;
import dev.plumbline.data.UserError;
import dev.plumbline.experiment.ProgramVersion;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.FigureExport;
import dev.plumbline.figure.FigureJson;
import dev.plumbline.figure.FigureSize;
import dev.plumbline.figure.FigureStyle;
import dev.plumbline.figure.PaperFigures;
import dev.plumbline.figure.catalogue.PaperCatalogue;
import dev.plumbline.workspace.RunRow;
import dev.plumbline.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
              + " itself).",
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
        description = "File to write; repeat for more formats")
    List<Path> files = new ArrayList<>();

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

    /** A recipe as scripts read it. */
    record Entry(String id, String figure, String title, String analysis) {}

    @Override
    public Integer call() {
      List<Entry> entries =
          PaperCatalogue.all().stream()
              .map(
                  recipe ->
                      new Entry(recipe.id(), recipe.number(), recipe.title(), recipe.analysis()))
              .toList();
      if (json) {
        parent.output().json(entries);
      } else {
        entries.forEach(
            entry ->
                parent
                    .output()
                    .line("%-22s %-24s %s", entry.figure(), entry.analysis(), entry.title()));
      }
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

    @Mixin WidthOption width = new WidthOption();

    @Option(names = "--json", description = "What was written as JSON on standard output")
    boolean json;

    /** A figure that was written. */
    record Written(String figure, String title, List<String> files) {}

    @Override
    public Integer call() {
      width.inches();
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
          write(drawn.figure(), width.inches(), files);
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
    FigureStyle style = FigureStyle.paper();
    FigureSize size = FigureSize.ofWidth(width);
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
