package dev.plumbline.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.help.Glossary;
import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.app.testing.SampleRuns;
import dev.plumbline.training.Metrics;
import dev.plumbline.training.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.TabPane;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;

/** The glossary knows every number, and every number leads there. */
final class HelpTest {
  private static final Glossary GLOSSARY = Glossary.read();

  private final FxRobot robot = new FxRobot();
  @TempDir private Path folder;

  @Test
  void everyMetricOfTheRegistryIsExplained() {
    for (Metrics.Metric metric : Metrics.all()) {
      Glossary.Entry entry = GLOSSARY.named(metric.name()).orElseThrow();
      assertThat(entry.definition()).isEqualTo(metric.definition());
      assertThat(entry.unit()).isEqualTo(metric.unit());
      assertThat(entry.source()).as(metric.name()).isNotBlank();
      assertThat(GLOSSARY.named(metric.label())).as(metric.label()).isPresent();
    }
    for (Metrics.Family family : Metrics.families()) {
      assertThat(GLOSSARY.named(family.of("any-name")).orElseThrow().definition())
          .isEqualTo(family.definition());
    }
  }

  @Test
  void aNameIsFoundInWhateverFormItStandsOnTheScreen() {
    assertThat(GLOSSARY.named("pm_score.best").orElseThrow().name()).isEqualTo("pm_score");
    assertThat(GLOSSARY.named("pm_score, last").orElseThrow().name()).isEqualTo("pm_score");
    assertThat(GLOSSARY.named("√KL").orElseThrow().name()).isEqualTo("sqrt_kl");
    assertThat(GLOSSARY.named("sqrt_kl").orElseThrow().source()).contains("§4.3");
    assertThat(GLOSSARY.named("Stop")).isEmpty();
    assertThat(GLOSSARY.named("")).isEmpty();
    assertThat(GLOSSARY.matching("kl exact").getFirst().name()).startsWith("kl_exact");
    assertThat(GLOSSARY.matching("no such number")).isEmpty();
  }

  /**
   * The tables' columns are defined where the tables are made; the list that the program carries is
   * held to these definitions as they stand in the sources.
   */
  @Test
  void theListOfColumnsIsThatOfTheTables() throws IOException {
    Path file = Path.of("../ui-resources/src/main/resources/dev/plumbline/ui/columns.tsv");
    TreeMap<String, String> listed = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] parts = line.split("\t", -1);
      listed.put(parts[0] + "\t" + parts[1], line);
    }
    TreeMap<String, List<String>> defined = new TreeMap<>();
    try (Stream<Path> sources = Files.walk(Path.of("../model-core/src/main/java"))) {
      for (Path source : sources.filter(path -> path.toString().endsWith(".java")).toList()) {
        columns(Files.readString(source), defined);
      }
    }
    List<String> missing =
        defined.entrySet().stream()
            .filter(each -> !listed.containsKey(each.getKey()))
            .map(each -> each.getValue().getFirst())
            .toList();
    assertThat(missing).as("add to columns.tsv:\n" + String.join("\n", missing)).isEmpty();
    List<String> stale =
        listed.entrySet().stream()
            .filter(
                each -> !defined.getOrDefault(each.getKey(), List.of()).contains(each.getValue()))
            .map(Map.Entry::getValue)
            .toList();
    assertThat(stale).as("no table has these, or says them otherwise").isEmpty();
  }

  private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern JOINED =
      Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"(?:\\s*\\+\\s*\"((?:[^\"\\\\]|\\\\.)*)\")*");
  private static final Pattern CALL =
      Pattern.compile(
          "ResultTable\\s*\\.named\\((?<table>[^)]*)\\)|\\.number\\(\\s*(?<n>%1$s)\\s*,\\s*(?<u>%1$s)\\s*,\\s*(?<d>%1$s)\\s*\\)|\\.text\\(\\s*(?<t>%1$s)\\s*,\\s*(?<e>%1$s)\\s*\\)"
              .formatted("\"(?:[^\"\\\\]|\\\\.)*\"(?:\\s*\\+\\s*\"(?:[^\"\\\\]|\\\\.)*\")*"));

  private static void columns(String source, Map<String, List<String>> into) {
    Matcher call = CALL.matcher(source);
    String table = "";
    while (call.find()) {
      if (call.group("table") != null) {
        Matcher name = JOINED.matcher(call.group("table").strip());
        table = name.matches() ? joined(call.group("table")) : "";
      } else if (!table.isEmpty()) {
        boolean number = call.group("n") != null;
        String column = joined(number ? call.group("n") : call.group("t"));
        String line =
            String.join(
                "\t",
                table,
                column,
                number ? joined(call.group("u")) : "",
                joined(number ? call.group("d") : call.group("e")));
        into.computeIfAbsent(table + "\t" + column, _ -> new java.util.ArrayList<>()).add(line);
      }
    }
  }

  private static String joined(String literals) {
    StringBuilder text = new StringBuilder();
    Matcher each = TEXT.matcher(literals);
    while (each.find()) {
      text.append(each.group(1).translateEscapes());
    }
    return text.toString();
  }

  @Test
  void f1OverANumberOpensItsEntryAndElseHelp() {
    SampleRuns.policy(folder.resolve("w"), "helpful-ppo", 20, 3, RunState.RUNNING);
    try (Bench bench = new Bench(folder.resolve("w"), folder, Theme.DARK, 1000, 700)) {
      robot.targetWindow(bench.window());
      bench.awaitRuns(1);
      bench.show(Page.LIVE);
      bench.settle();
      robot.moveTo(".figure-view");
      robot.press(KeyCode.F1).release(KeyCode.F1);
      Fx.await("help", () -> bench.model.page().get() == Page.HELP);
      Fx.await("an entry", () -> bench.scene.lookup(".glossary-title") != null);
      bench.show(Page.LIVE);
      bench.settle();
      Button info = bench.find(".info-button", Button.class);
      Fx.run(info::fire);
      assertThat(Fx.call(() -> bench.model.page().get())).isEqualTo(Page.HELP);
      bench.show(Page.HOME);
      robot.moveTo("#palette-field");
      robot.press(KeyCode.F1).release(KeyCode.F1);
      Fx.await("help", () -> bench.model.page().get() == Page.HELP);
    }
  }

  @Test
  void theGlossaryIsSearchedAndKeysPaperAndLicencesAreThere() {
    try (Bench bench = new Bench(folder.resolve("w"), folder, Theme.DARK, 1000, 700)) {
      bench.awaitRuns(0);
      bench.show(Page.HELP);
      ListView<?> list = bench.find("#help-entries", ListView.class);
      Fx.await("entries", () -> list.getItems().size() > 600);
      Fx.run(() -> bench.find("#help-search", TextField.class).setText("sqrt_kl"));
      assertThat(((Glossary.Entry) Fx.<Object>call(() -> list.getItems().getFirst())).name())
          .isEqualTo("sqrt_kl");
      TabPane tabs = bench.find("#help-tabs", TabPane.class);
      for (String word : List.of("Ctrl+K", "Fig 13", "OFL-1.1")) {
        Fx.run(() -> tabs.getSelectionModel().selectNext());
        bench.settle();
        assertThat(Fx.call(() -> labels(bench))).contains(word);
      }
    }
  }

  private static List<String> labels(Bench bench) {
    return Bench.all(bench.scene.getRoot()).stream()
        .filter(Label.class::isInstance)
        .map(node -> ((Label) node).getText())
        .filter(java.util.Objects::nonNull)
        .toList();
  }
}
