package dev.plumbline.evaluation;

import dev.plumbline.analysis.Auroc;
import dev.plumbline.analysis.Detection;
import dev.plumbline.analysis.LinearProbe;
import dev.plumbline.analysis.Mahalanobis;
import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.RejectThreshold;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.UserError;
import dev.plumbline.dialogue.Dialogue;
import dev.plumbline.evaluation.OodModel.Activations;
import dev.plumbline.evaluation.OodSplit.Part;
import dev.plumbline.lm.Randomness;
import dev.plumbline.torch.TorchRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Out-of-distribution detection at every layer. The activation of a prompt is the residual stream
 * at its last token behind a block, 1 to L; the paper does not state the position.
 *
 * <p>Every split deals whole conversations to three parts ({@link OodSplit}): what is fitted, what
 * thresholds are set on, and what is tested.
 *
 * <p>Tables: {@code prompts}; {@code scores} of the first split's calibration and test prompts at
 * every layer; {@code auroc} by layer, method and split; {@code auroc_by_layer}, mean and spread;
 * {@code operating_points} by layer, method, split and rule; {@code exposure} by outliers shown;
 * {@code rejection} of the prompts to be filtered. The first split's fits are kept ({@link
 * OodFits}), so that further prompts can be scored.
 */
final class OodDetection implements Measurement {
  private static final double LEVEL = 0.95;
  private static final String PLAIN = "mahalanobis";
  private static final String RELATIVE = "relative";
  private static final List<String> METHODS = List.of(PLAIN, RELATIVE);

  private final OodSettings settings;
  private final Randomness randomness;
  private final OodModel model;

  OodDetection(OodSettings settings, long seed, TorchRuntime runtime) {
    this.settings = settings;
    randomness = new Randomness(seed);
    model = new OodModel(settings, runtime);
  }

  @Override
  public String phase() {
    return "out-of-distribution detection";
  }

  private Activations activations(List<String> prompts, MeasurementContext context, long total) {
    long before = context.done();
    return model.activations(prompts, done -> context.progress(before + done, total));
  }

  @Override
  public void run(MeasurementContext context) {
    List<String> insidePrompts = model.drawn(settings.inside(), "in-distribution", randomness);
    List<String> outsidePrompts =
        model.drawn(settings.outside(), "out-of-distribution", randomness);
    List<OodSplit> splits = splits(insidePrompts, outsidePrompts, context);
    List<String> filtered =
        PromptForm.fitting(
            PromptForm.read(settings.filter()),
            new PromptForm.Bounds(settings.maxPromptTokens(), 0),
            List.of(model.form()));
    int layers = model.layers();
    long units = (long) layers * settings.splits() + (long) layers * settings.draws();
    long total = insidePrompts.size() + outsidePrompts.size() + filtered.size() + units;
    context.progress(0, total);
    Activations inside = activations(insidePrompts, context, total);
    Activations outside = activations(outsidePrompts, context, total);
    Activations filter = activations(filtered, context, total);
    context.table(prompts(inside, outside));
    mahalanobis(inside, outside, filter, splits.subList(0, settings.splits()), context, total);
    exposure(inside, outside, splits.subList(0, settings.draws()), context, total);
  }

  /** As many splits as are needed, looked over before anything is computed. */
  private List<OodSplit> splits(
      List<String> inside, List<String> outside, MeasurementContext context) {
    Set<String> openings =
        inside.stream().map(Dialogue::conversationKey).collect(Collectors.toSet());
    long both =
        outside.stream()
            .map(Dialogue::conversationKey)
            .distinct()
            .filter(openings::contains)
            .count();
    if (both > 0) {
      context.notice(
          "%,d conversations open alike in distribution and out of it; each is kept in one part"
              .formatted(both));
    }
    List<OodSplit> splits = new ArrayList<>();
    for (int i = 0; i < Math.max(settings.splits(), settings.draws()); i++) {
      OodSplit split = model.split(inside, outside, randomness, i);
      require(split.inside(Part.FIT), 2, "in-distribution prompts to be fitted", inside);
      require(
          split.inside(Part.CALIBRATION),
          RejectThreshold.least(settings.falseReject()),
          "in-distribution prompts to set the threshold for false_reject " + settings.falseReject(),
          inside);
      require(split.inside(Part.TEST), 1, "in-distribution prompts to be tested", inside);
      require(split.outside(Part.FIT), 1, "out-of-distribution prompts to be shown", outside);
      require(
          split.outside(Part.CALIBRATION),
          RejectThreshold.least(1 - settings.catchFraction()),
          "out-of-distribution prompts to set the threshold for catch_fraction "
              + settings.catchFraction(),
          outside);
      require(split.outside(Part.TEST), 1, "out-of-distribution prompts to be tested", outside);
      splits.add(split);
    }
    return splits;
  }

  private static void require(int[] part, int least, String what, List<String> all) {
    if (part.length < least) {
      throw new UserError(
          ("at least %d %s are needed, and there are %d of %d prompts in %d conversations; add"
                  + " prompts, or change the rate, test_fraction or calibration_fraction")
              .formatted(least, what, part.length, all.size(), OodSplit.conversations(all)));
    }
  }

  private static ResultTable prompts(Activations inside, Activations outside) {
    ResultTable.Builder table =
        ResultTable.named("prompts")
            .number("out", "", "1 for an out-of-distribution prompt")
            .number("prompt_index", "", "the prompt's number among its kind")
            .text("prompt", "the dialogue so far");
    for (int out = 0; out < 2; out++) {
      List<String> prompts = (out == 0 ? inside : outside).prompts();
      for (int i = 0; i < prompts.size(); i++) {
        table.row(out, i, prompts.get(i));
      }
    }
    return table.build();
  }

  private double relativeLayer(int layer) {
    int last = model.layers() - 1;
    return last == 0 ? 1 : (double) layer / last;
  }

  /** The middle layer, at which the paper shows its histograms. */
  private int middle() {
    return (model.layers() - 1) / 2;
  }

  private void mahalanobis(
      Activations inside,
      Activations outside,
      Activations filter,
      List<OodSplit> splits,
      MeasurementContext context,
      long total) {
    ResultTable.Builder auroc =
        ResultTable.named("auroc")
            .number("layer", "", "block behind which the activation is read, from 1")
            .number("relative_layer", "", "(layer - 1)/(L - 1)")
            .text("method", "mahalanobis, or relative: less its diagonal part")
            .number("split", "", "random split, from 0")
            .number("auroc", "fraction", "chance that an outlier scores above an inlier")
            .number("low", "fraction", "lower end of DeLong's 95 % interval, logit scale")
            .number("high", "fraction", "upper end of DeLong's 95 % interval, logit scale")
            .number(
                "fpr95",
                "fraction",
                "tested inliers at or above the first threshold that catches 95 % of the tested"
                    + " outliers: a point of this curve, no forecast")
            .number("n_train", "", "in-distribution prompts that were fitted")
            .number("n_in", "", "in-distribution prompts tested")
            .number("n_out", "", "out-of-distribution prompts tested")
            .number("shrinkage", "", "weight of the identity in the covariance")
            .number("condition", "", "condition number of the shrunk covariance");
    ResultTable.Builder scores =
        ResultTable.named("scores")
            .number("layer", "", "block behind which the activation is read, from 1")
            .text("part", "calibration: thresholds are set on it; or test")
            .number("out", "", "1 for an out-of-distribution prompt")
            .number("prompt_index", "", "the prompt's number among its kind")
            .number("mahalanobis", "", "squared Mahalanobis distance to the fitted prompts")
            .number("relative", "", "simplified relative Mahalanobis score");
    Map<String, List<Double>> byLayer = new TreeMap<>();
    List<Mahalanobis> fits = new ArrayList<>();
    OodOperatingPoints points =
        new OodOperatingPoints(settings.falseReject(), settings.catchFraction());
    for (int number = 0; number < splits.size(); number++) {
      OodSplit split = splits.get(number);
      for (int layer = 0; layer < model.layers(); layer++) {
        Mahalanobis fit = model.fit(inside, split, layer);
        OodScores calibration = scores(fit, inside, outside, split, Part.CALIBRATION, layer);
        OodScores test = scores(fit, inside, outside, split, Part.TEST, layer);
        for (int m = 0; m < METHODS.size(); m++) {
          Detection detection = Detection.of(test.in()[m], test.out()[m]);
          Auroc area = detection.auroc(LEVEL);
          auroc.row(
              layer + 1,
              relativeLayer(layer),
              METHODS.get(m),
              number,
              area.value(),
              area.interval().low(),
              area.interval().high(),
              detection.falsePositiveRateAt95(),
              fit.n(),
              test.in()[m].length,
              test.out()[m].length,
              fit.shrinkage(),
              fit.conditionNumber());
          byLayer
              .computeIfAbsent("%06d %s".formatted(layer, METHODS.get(m)), _ -> new ArrayList<>())
              .add(area.value());
          points.add(
              new OodOperatingPoints.Place(layer + 1, relativeLayer(layer), METHODS.get(m), number),
              new OodOperatingPoints.Both(calibration.in()[m], calibration.out()[m]),
              new OodOperatingPoints.Both(test.in()[m], test.out()[m]),
              new OodOperatingPoints.Conversations(
                  test.inConversations(), test.outConversations()));
        }
        if (number == 0) {
          fits.add(fit);
          addScores(scores, layer, split, Part.CALIBRATION, calibration);
          addScores(scores, layer, split, Part.TEST, test);
          if (layer == middle() && filter.size() > 0) {
            double threshold =
                RejectThreshold.atMostRejected(
                    calibration.in()[METHODS.indexOf(RELATIVE)], settings.falseReject());
            reject(fit, threshold, filter, context);
          }
        }
        context.progress(context.done() + 1, total);
      }
    }
    OodFits.write(context.directory(), fits);
    context.table(auroc.build());
    context.table(spread(byLayer));
    context.table(scores.build());
    context.table(points.build());
  }

  /** Scores of a part, by method. */
  @SuppressWarnings("ArrayRecordComponent") // rows of a table, never compared
  private record OodScores(
      double[][] in, double[][] out, long inConversations, long outConversations) {}

  private static OodScores scores(
      Mahalanobis fit,
      Activations inside,
      Activations outside,
      OodSplit split,
      Part part,
      int layer) {
    float[] in = inside.rows(layer, split.inside(part));
    float[] out = outside.rows(layer, split.outside(part));
    return new OodScores(
        new double[][] {fit.plain(in), fit.relative(in)},
        new double[][] {fit.plain(out), fit.relative(out)},
        OodSplit.conversations(inside.prompts(split.inside(part))),
        OodSplit.conversations(outside.prompts(split.outside(part))));
  }

  private static void addScores(
      ResultTable.Builder table, int layer, OodSplit split, Part part, OodScores scores) {
    String name = part.name().toLowerCase(Locale.ROOT);
    for (int out = 0; out < 2; out++) {
      int[] prompts = out == 0 ? split.inside(part) : split.outside(part);
      double[][] values = out == 0 ? scores.in() : scores.out();
      for (int i = 0; i < prompts.length; i++) {
        table.row(layer + 1, name, out, prompts[i], values[0][i], values[1][i]);
      }
    }
  }

  private ResultTable spread(Map<String, List<Double>> byLayer) {
    ResultTable.Builder table =
        ResultTable.named("auroc_by_layer")
            .number("layer", "", "block behind which the activation is read, from 1")
            .number("relative_layer", "", "(layer - 1)/(L - 1)")
            .text("method", "mahalanobis, or relative: less its diagonal part")
            .number("auroc", "fraction", "mean over the splits")
            .number("sd", "fraction", "standard deviation over the splits")
            .number("splits", "", "random splits");
    byLayer.forEach(
        (key, values) -> {
          int layer = Integer.parseInt(key, 0, 6, 10);
          Moments moments = Moments.of(values.stream().mapToDouble(Double::doubleValue).toArray());
          table.row(
              layer + 1,
              relativeLayer(layer),
              key.substring(7),
              moments.mean(),
              moments.standardDeviation(),
              values.size());
        });
    return table.build();
  }

  /** Applies the operating point to a policy's prompts; what it accepts can be trained on. */
  private void reject(
      Mahalanobis fit, double threshold, Activations filter, MeasurementContext context) {
    double[] scores = fit.relative(filter.layers().get(middle()));
    ResultTable.Builder table =
        ResultTable.named("rejection")
            .text("prompt", "the dialogue so far")
            .number("relative", "", "simplified relative Mahalanobis score at the middle layer")
            .number("rejected", "", "1 where the score reaches the threshold");
    for (int i = 0; i < scores.length; i++) {
      table.row(filter.prompts().get(i), scores[i], scores[i] >= threshold ? 1 : 0);
    }
    context.table(table.build());
    Gathered.write(
        context.directory(),
        writer -> {
          for (int i = 0; i < scores.length; i++) {
            if (scores[i] < threshold) {
              writer.write(Map.of("prompt", filter.prompts().get(i)));
            }
          }
        });
  }

  private void exposure(
      Activations inside,
      Activations outside,
      List<OodSplit> draws,
      MeasurementContext context,
      long total) {
    ResultTable.Builder table =
        ResultTable.named("exposure")
            .number("layer", "", "block behind which the activation is read, from 1")
            .number("relative_layer", "", "(layer - 1)/(L - 1)")
            .number("outliers", "", "outliers shown to the classifier")
            .number("draw", "", "draw of the outliers, from 0")
            .number("auroc", "fraction", "on prompts that the classifier has not seen")
            .number("low", "fraction", "lower end of DeLong's 95 % interval, logit scale")
            .number("high", "fraction", "upper end of DeLong's 95 % interval, logit scale");
    for (int layer = 0; layer < model.layers(); layer++) {
      for (int draw = 0; draw < draws.size(); draw++) {
        if (layer != middle() && layer != model.layers() - 1) {
          context.progress(context.done() + 1, total);
          continue; // the paper looks at the middle and at the last layer
        }
        OodSplit split = draws.get(draw);
        int[] apart = split.outside(Part.FIT);
        // Nested: ten outliers are the first ten of twenty.
        int[] order = randomness.permutation(apart.length, "shown", draw);
        int[] outliers = Arrays.stream(order).map(i -> apart[i]).toArray();
        for (int shown : steps(Math.min(settings.maxOutliers(), outliers.length))) {
          LinearProbe probe =
              LinearProbe.outlierExposure(
                  inside.rows(layer, split.inside(Part.FIT)),
                  outside.rows(layer, Arrays.copyOf(outliers, shown)),
                  model.width(),
                  settings.ridge());
          Auroc area =
              Auroc.of(
                  probe.logOdds(inside.rows(layer, split.inside(Part.TEST))),
                  probe.logOdds(outside.rows(layer, split.outside(Part.TEST))),
                  LEVEL);
          table.row(
              layer + 1,
              relativeLayer(layer),
              shown,
              draw,
              area.value(),
              area.interval().low(),
              area.interval().high());
        }
        context.progress(context.done() + 1, total);
      }
    }
    context.table(table.build());
  }

  /** 1, 2, 5, 10, 20, 50, ... up to a number. */
  static List<Integer> steps(int most) {
    List<Integer> steps = new ArrayList<>();
    for (int ten = 1; ten <= most; ten *= 10) {
      for (int factor : new int[] {1, 2, 5}) {
        if (ten * factor <= most) {
          steps.add(ten * factor);
        }
      }
    }
    return steps;
  }

  @Override
  public void close() {
    model.close();
  }
}
