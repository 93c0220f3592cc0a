package dev.plumbline.evaluation;

import dev.plumbline.analysis.Auroc;
import dev.plumbline.analysis.Detection;
import dev.plumbline.analysis.LinearProbe;
import dev.plumbline.analysis.Mahalanobis;
import dev.plumbline.analysis.Moments;
import dev.plumbline.analysis.Proportion;
import dev.plumbline.analysis.ResultTable;
import dev.plumbline.data.UserError;
import dev.plumbline.lm.LanguageModel;
import dev.plumbline.lm.PreferenceModel;
import dev.plumbline.lm.Randomness;
import dev.plumbline.torch.TorchRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Out-of-distribution detection at every layer. The activation of a prompt is the residual stream
 * at its last token behind a block, 1 to L; the paper does not state the position.
 *
 * <p>Tables: {@code prompts}; {@code scores} of the first split's test prompts at every layer;
 * {@code auroc} by layer, method and split; {@code auroc_by_layer}, mean and spread; {@code
 * operating_points} at the middle layer; {@code exposure} by outliers shown; {@code rejection} of
 * the prompts to be filtered.
 */
final class OodDetection implements Measurement {
  private static final double LEVEL = 0.95;
  private static final int AT_ONCE = 64;
  private static final String PLAIN = "mahalanobis";
  private static final String RELATIVE = "relative";

  private final OodSettings settings;
  private final Randomness randomness;
  private final PromptForm form;
  private final @Nullable PreferenceModel preferenceModel;
  private final LanguageModel model;

  OodDetection(OodSettings settings, long seed, TorchRuntime runtime) {
    this.settings = settings;
    randomness = new Randomness(seed);
    Path directory = Path.of(settings.model());
    form = new PromptForm(directory, settings.format());
    preferenceModel =
        PreferenceModel.formatOf(directory).isPresent()
            ? PreferenceModel.load(runtime, directory)
            : null;
    model =
        preferenceModel == null ? LanguageModel.load(runtime, directory) : preferenceModel.trunk();
  }

  @Override
  public String phase() {
    return "out-of-distribution detection";
  }

  /** Activations of some prompts: by layer, rows side by side. */
  private record Activations(List<String> prompts, List<float[]> layers) {
    int size() {
      return prompts.size();
    }

    /** Rows of some prompts at a layer. */
    float[] rows(int layer, int[] which) {
      float[] all = layers.get(layer);
      int width = all.length / size();
      float[] rows = new float[which.length * width];
      for (int i = 0; i < which.length; i++) {
        System.arraycopy(all, which[i] * width, rows, i * width, width);
      }
      return rows;
    }
  }

  /** Which prompts are trained on and which are tested. */
  @SuppressWarnings("ArrayRecordComponent") // numbers of rows, never compared
  private record Split(int[] train, int[] test) {
    static Split of(int n, double testFraction, Randomness randomness, String purpose, int split) {
      int[] order = randomness.permutation(n, purpose, split);
      int test = (int) Math.round(n * testFraction);
      return new Split(Arrays.copyOfRange(order, test, n), Arrays.copyOf(order, test));
    }
  }

  private Activations activations(List<String> prompts, MeasurementContext context, long total) {
    int layers = model.config().layers();
    int width = model.config().dModel();
    List<float[]> all = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      all.add(new float[prompts.size() * width]);
    }
    long before = context.done();
    for (int from = 0; from < prompts.size(); from += AT_ONCE) {
      List<String> part = prompts.subList(from, Math.min(prompts.size(), from + AT_ONCE));
      List<float[][]> found = model.activations(part.stream().map(form::encode).toList());
      for (int i = 0; i < part.size(); i++) {
        for (int layer = 0; layer < layers; layer++) {
          // Entry 0 is the embedding, the same for every prompt that ends alike.
          System.arraycopy(found.get(i)[layer + 1], 0, all.get(layer), (from + i) * width, width);
        }
      }
      context.progress(before + from + part.size(), total);
    }
    return new Activations(prompts, all);
  }

  private List<String> drawn(List<String> files, String kind) {
    List<String> prompts =
        PromptForm.draw(
            PromptForm.read(files),
            settings.maxPrompts(),
            new PromptForm.Bounds(settings.maxPromptTokens(), 0),
            List.of(form),
            randomness);
    if (prompts.size() < 20) {
      throw new UserError(
          "%d %s prompts have at most %d tokens; at least 20 are needed"
              .formatted(prompts.size(), kind, settings.maxPromptTokens()));
    }
    return prompts;
  }

  @Override
  public void run(MeasurementContext context) {
    List<String> insidePrompts = drawn(settings.inside(), "in-distribution");
    List<String> outsidePrompts = drawn(settings.outside(), "out-of-distribution");
    List<String> filtered =
        PromptForm.fitting(
            PromptForm.read(settings.filter()),
            new PromptForm.Bounds(settings.maxPromptTokens(), 0),
            List.of(form));
    int layers = model.config().layers();
    long units = (long) layers * settings.splits() + (long) layers * settings.draws();
    long total = insidePrompts.size() + outsidePrompts.size() + filtered.size() + units;
    context.progress(0, total);
    Activations inside = activations(insidePrompts, context, total);
    Activations outside = activations(outsidePrompts, context, total);
    Activations filter = activations(filtered, context, total);
    context.table(prompts(inside, outside));
    mahalanobis(inside, outside, filter, context, total);
    exposure(inside, outside, context, total);
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
    int last = model.config().layers() - 1;
    return last == 0 ? 1 : (double) layer / last;
  }

  /** The middle layer, at which the paper shows its histograms. */
  private int middle() {
    return (model.config().layers() - 1) / 2;
  }

  private void mahalanobis(
      Activations inside,
      Activations outside,
      Activations filter,
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
                "fpr95", "fraction", "inliers above the threshold that catches 95 % of outliers")
            .number("n_train", "", "in-distribution prompts that were fitted")
            .number("n_in", "", "in-distribution prompts tested")
            .number("n_out", "", "out-of-distribution prompts tested")
            .number("shrinkage", "", "weight of the identity in the covariance")
            .number("condition", "", "condition number of the shrunk covariance");
    ResultTable.Builder scores =
        ResultTable.named("scores")
            .number("layer", "", "block behind which the activation is read, from 1")
            .number("out", "", "1 for an out-of-distribution prompt")
            .number("prompt_index", "", "the prompt's number among its kind")
            .number("mahalanobis", "", "squared Mahalanobis distance to the fitted prompts")
            .number("relative", "", "simplified relative Mahalanobis score");
    Map<String, List<Double>> byLayer = new TreeMap<>();
    for (int split = 0; split < settings.splits(); split++) {
      Split in = Split.of(inside.size(), settings.testFraction(), randomness, "inside", split);
      Split out = Split.of(outside.size(), settings.testFraction(), randomness, "outside", split);
      for (int layer = 0; layer < model.config().layers(); layer++) {
        Mahalanobis fit = fit(inside, in, layer);
        float[] inRows = inside.rows(layer, in.test());
        float[] outRows = outside.rows(layer, out.test());
        double[][] inScores = {fit.plain(inRows), fit.relative(inRows)};
        double[][] outScores = {fit.plain(outRows), fit.relative(outRows)};
        for (int m = 0; m < 2; m++) {
          String method = m == 0 ? PLAIN : RELATIVE;
          Detection detection = Detection.of(inScores[m], outScores[m]);
          Auroc area = detection.auroc(LEVEL);
          auroc.row(
              layer + 1,
              relativeLayer(layer),
              method,
              split,
              area.value(),
              area.interval().low(),
              area.interval().high(),
              detection.falsePositiveRateAt95(),
              fit.n(),
              in.test().length,
              out.test().length,
              fit.shrinkage(),
              fit.conditionNumber());
          byLayer
              .computeIfAbsent("%06d %s".formatted(layer, method), _ -> new ArrayList<>())
              .add(area.value());
        }
        if (split == 0) {
          addScores(scores, layer, 0, in.test(), inScores);
          addScores(scores, layer, 1, out.test(), outScores);
          if (layer == middle()) {
            operatingPoints(fit, inScores, outScores, filter, context);
          }
        }
        context.progress(context.done() + 1, total);
      }
    }
    context.table(auroc.build());
    context.table(spread(byLayer));
    context.table(scores.build());
  }

  private Mahalanobis fit(Activations inside, Split in, int layer) {
    try {
      return Mahalanobis.fit(
          inside.rows(layer, in.train()), model.config().dModel(), settings.shrinkage());
    } catch (IllegalArgumentException e) {
      throw new UserError(
          "layer %d, %d prompts of width %d: %s; raise shrinkage or max_prompts"
              .formatted(layer + 1, in.train().length, model.config().dModel(), e.getMessage()),
          e);
    }
  }

  private static void addScores(
      ResultTable.Builder table, int layer, int out, int[] prompts, double[][] scores) {
    for (int i = 0; i < prompts.length; i++) {
      table.row(layer + 1, out, prompts[i], scores[0][i], scores[1][i]);
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

  private void operatingPoints(
      Mahalanobis fit,
      double[][] inScores,
      double[][] outScores,
      Activations filter,
      MeasurementContext context) {
    ResultTable.Builder points =
        ResultTable.named("operating_points")
            .number("layer", "", "block behind which the activation is read, from 1")
            .text("method", "mahalanobis, or relative: less its diagonal part")
            .number("threshold", "", "prompts whose score reaches it are rejected")
            .number("false_reject", "fraction", "in-distribution prompts rejected")
            .number("false_reject_low", "fraction", "lower end of Wilson's 95 % interval")
            .number("false_reject_high", "fraction", "upper end of Wilson's 95 % interval")
            .number("caught", "fraction", "out-of-distribution prompts rejected")
            .number("caught_low", "fraction", "lower end of Wilson's 95 % interval")
            .number("caught_high", "fraction", "upper end of Wilson's 95 % interval");
    for (int m = 0; m < 2; m++) {
      Detection.OperatingPoint point =
          Detection.of(inScores[m], outScores[m]).atLeastCaught(settings.catchFraction(), LEVEL);
      Proportion rejected = point.falseReject();
      Proportion caught = point.caught();
      points.row(
          middle() + 1,
          m == 0 ? PLAIN : RELATIVE,
          point.threshold(),
          rejected.value(),
          rejected.interval().low(),
          rejected.interval().high(),
          caught.value(),
          caught.interval().low(),
          caught.interval().high());
      if (m == 1 && filter.size() > 0) {
        reject(fit, point.threshold(), filter, context);
      }
    }
    context.table(points.build());
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
      Activations inside, Activations outside, MeasurementContext context, long total) {
    ResultTable.Builder table =
        ResultTable.named("exposure")
            .number("layer", "", "block behind which the activation is read, from 1")
            .number("relative_layer", "", "(layer - 1)/(L - 1)")
            .number("outliers", "", "outliers shown to the classifier")
            .number("draw", "", "draw of the outliers, from 0")
            .number("auroc", "fraction", "on prompts that the classifier has not seen")
            .number("low", "fraction", "lower end of DeLong's 95 % interval, logit scale")
            .number("high", "fraction", "upper end of DeLong's 95 % interval, logit scale");
    for (int layer = 0; layer < model.config().layers(); layer++) {
      for (int draw = 0; draw < settings.draws(); draw++) {
        if (layer != middle() && layer != model.config().layers() - 1) {
          context.progress(context.done() + 1, total);
          continue; // the paper looks at the middle and at the last layer
        }
        Split in = Split.of(inside.size(), settings.testFraction(), randomness, "inside", draw);
        Split out = Split.of(outside.size(), settings.testFraction(), randomness, "outside", draw);
        for (int shown : steps(Math.min(settings.maxOutliers(), out.train().length))) {
          LinearProbe probe =
              LinearProbe.outlierExposure(
                  inside.rows(layer, in.train()),
                  outside.rows(layer, Arrays.copyOf(out.train(), shown)),
                  model.config().dModel(),
                  settings.ridge());
          Auroc area =
              Auroc.of(
                  probe.logOdds(inside.rows(layer, in.test())),
                  probe.logOdds(outside.rows(layer, out.test())),
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
    if (preferenceModel != null) {
      preferenceModel.close();
    } else {
      model.close();
    }
  }
}
