package dev.plumbline.study;

import dev.plumbline.analysis.LineFit;
import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.UserError;
import dev.plumbline.training.DistillationSettings;
import dev.plumbline.training.Metrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Context distillation into students of several sizes (paper appendix A.1, Fig 30). Needs runs of
 * role {@code student} over {@code size} and {@code seed}, one size of which is the teacher's own:
 * its spec names the same model as teacher and student.
 *
 * <p>Losses are compared by their logarithms, as on the paper's axes.
 */
public final class DistillationStudy implements StudyAnalysis {
  private static final String FIGURE = "Fig 30; appendix A.1";

  /** Five per cent of the loss for each e-fold of parameters. */
  private static final double SMALLEST_SLOPE = 0.05;

  /** Ten per cent of a loss, as a difference of natural logarithms. */
  private static final double SMALLEST_RATIO = Math.log(1.1);

  /** An analysis; found as a service. */
  public DistillationStudy() {}

  @Override
  public String name() {
    return "distillation";
  }

  /** A student, measured. */
  private record Student(String size, String seed, long parameters, boolean own, StudySeries loss) {
    double start() {
      return loss.step().length > 0 && loss.step()[0] == 0 ? Math.log(loss.value()[0]) : Double.NaN;
    }

    double end() {
      return Math.log(loss.last());
    }

    static Student of(StudyRun run) {
      if (!(run.spec().settings() instanceof DistillationSettings settings)) {
        throw new UserError(
            "run %s is no context distillation, which the analysis needs".formatted(run.id()));
      }
      run.last(Metrics.EVAL_LOSS); // or what is missing is said
      return new Student(
          run.level("size"),
          run.level("seed"),
          run.parametersWithoutEmbeddings(),
          settings.teacher().equals(settings.student()),
          run.series(Metrics.EVAL_LOSS));
    }
  }

  @Override
  public StudyResult analyse(StudyData data) {
    List<Student> students = data.role("student").stream().map(Student::of).toList();
    OverSeeds fall = new OverSeeds();
    OverSeeds start = new OverSeeds();
    OverSeeds end = new OverSeeds();
    OverSeeds learned = new OverSeeds();
    for (String seed : data.levels("student", "seed")) {
      List<Student> of = students.stream().filter(each -> each.seed().equals(seed)).toList();
      fall.add(seed, -slope(of));
      for (Student student : of) {
        learned.add(seed, student.start() - student.end());
      }
      List<Student> others = of.stream().filter(each -> !each.own()).toList();
      of.stream()
          .filter(Student::own)
          .findFirst()
          .ifPresent(
              own -> {
                start.add(
                    seed,
                    least(others.stream().mapToDouble(Student::start).toArray()) - own.start());
                end.add(
                    seed, least(others.stream().mapToDouble(Student::end).toArray()) - own.end());
              });
    }
    return new StudyResult(
        List.of(points(data), cells(students)),
        List.of(
            fall.effect(
                "loss-falls-with-size",
                FIGURE,
                "the larger the student, the lower its loss at the end",
                "of ln(loss) fallen per e-fold of parameters",
                SMALLEST_SLOPE),
            start.effect(
                "own-size-starts-nearest",
                FIGURE,
                "a student of the teacher's own size starts nearest to it",
                "of ln(loss) that the nearest other size starts above the teacher's own",
                SMALLEST_RATIO),
            end.effect(
                "own-size-lowest",
                FIGURE,
                "a student of the teacher's own size has the lowest loss at the end",
                "of ln(loss) that the best other size ends above the teacher's own",
                SMALLEST_RATIO),
            learned.effect(
                "distillation-learns",
                FIGURE,
                "the loss falls with the steps",
                "of ln(loss) fallen from before the first step to the end, mean over sizes",
                SMALLEST_RATIO)),
        List.of(
            "the loss is the divergence of the student without the prompt from the teacher behind"
                + " it, over the teacher's likeliest tokens and one category for all others"));
  }

  private static double least(double... values) {
    double least = Double.NaN;
    for (double value : values) {
      least = Double.isNaN(least) ? value : Math.min(least, value);
    }
    return least;
  }

  /** Least squares of ln(loss) on ln(parameters); NaN for fewer than two sizes. */
  private static double slope(List<Student> students) {
    return LineFit.of(
            students.stream().mapToDouble(each -> Math.log((double) each.parameters())).toArray(),
            students.stream().mapToDouble(Student::end).toArray())
        .slope();
  }

  private static ResultTable points(StudyData data) {
    ResultTable.Builder table =
        ResultTable.named("distillation")
            .text("run", "the run")
            .text("size", "level of the axis")
            .text("seed", "level of the axis")
            .number("parameters", "", "trained numbers without embeddings")
            .text("own", "yes where the student is the teacher's own model")
            .number("step", "step", "optimiser steps done")
            .number("tokens", "token", "tokens trained on")
            .number("loss", "nat/token", "held-out divergence from the prompted teacher")
            .number("low", "nat/token", "lower end of its 95 % interval over dialogues")
            .number("high", "nat/token", "upper end of its 95 % interval over dialogues")
            .number("agreement", "fraction", "tokens on which both have the same likeliest token");
    for (StudyRun run : data.role("student")) {
      Student student = Student.of(run);
      StudySeries low = run.series(Metrics.EVAL_LOSS_LOW);
      StudySeries high = run.series(Metrics.EVAL_LOSS_HIGH);
      StudySeries agreement = run.series(Metrics.EVAL_AGREEMENT);
      StudySeries loss = student.loss();
      for (int i = 0; i < loss.size(); i++) {
        table.row(
            run.name(),
            student.size(),
            student.seed(),
            student.parameters(),
            student.own() ? "yes" : "no",
            loss.step()[i],
            loss.tokens()[i],
            loss.value()[i],
            i < low.size() ? low.value()[i] : Double.NaN,
            i < high.size() ? high.value()[i] : Double.NaN,
            i < agreement.size() ? agreement.value()[i] : Double.NaN);
      }
    }
    return table.build();
  }

  /** Mean loss of each size and step over seeds. */
  private static ResultTable cells(List<Student> students) {
    ResultTable.Builder table =
        OverSeeds.columns(
            ResultTable.named("distillation_by_size")
                .text("size", "level of the axis")
                .number("parameters", "", "trained numbers without embeddings")
                .number("step", "step", "optimiser steps done"),
            "loss",
            "nat/token",
            "mean over seeds");
    List<Student> bySize = new ArrayList<>(students);
    bySize.sort(Comparator.comparingLong(Student::parameters));
    for (String size : bySize.stream().map(Student::size).distinct().toList()) {
      List<Student> of = bySize.stream().filter(each -> each.size().equals(size)).toList();
      long[] steps =
          of.stream()
              .flatMapToLong(each -> Arrays.stream(each.loss().step()))
              .distinct()
              .sorted()
              .toArray();
      for (long step : steps) {
        Moments loss = new Moments();
        for (Student student : of) {
          int at = Arrays.binarySearch(student.loss().step(), step);
          loss.add(at < 0 ? Double.NaN : student.loss().value()[at]);
        }
        OverSeeds.row(table, loss, size, of.getFirst().parameters(), step);
      }
    }
    return table.build();
  }
}
