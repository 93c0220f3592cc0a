package dev.plumbline.app.figures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.feed.StoreFeed;
import dev.plumbline.app.shell.Page;
import dev.plumbline.app.shell.Theme;
import dev.plumbline.app.testing.Bench;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.app.testing.SampleRuns;
import dev.plumbline.app.testing.SampleStudies;
import dev.plumbline.figure.Figure;
import dev.plumbline.figure.FigureBatch;
import dev.plumbline.figure.FigureDiff;
import dev.plumbline.figure.FigureEdit;
import dev.plumbline.figure.FigureExport;
import dev.plumbline.figure.FigureRaster;
import dev.plumbline.figure.FigureSheet;
import dev.plumbline.figure.FigureSize;
import dev.plumbline.figure.HouseStyle;
import dev.plumbline.figure.Palette;
import dev.plumbline.training.RunState;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicReference;
import javafx.scene.control.Button;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The figures of the paper in the workbench: choosing, changing, keeping and exporting them. */
final class FiguresPageTest {
  private static final Path PICTURES =
      Path.of(System.getProperty("plumbline.screenshots", "target/screenshots"));

  @TempDir private Path folder;

  @BeforeAll
  static void toolkit() {
    Fx.start();
  }

  /** A view model over a workspace, without a window. */
  private static final class Desk implements AutoCloseable {
    final StoreFeed feed;
    final FiguresViewModel model;
    final List<String> problems = new ArrayList<>();

    Desk(Path workspace) {
      feed = Fx.call(() -> new StoreFeed(workspace, List::of));
      model = Fx.call(() -> new FiguresViewModel(feed, "test", FigureSize.Venue.ICML_COLUMN));
      Fx.run(() -> model.setShown(true));
      feed.poke();
      Fx.await("the catalogue", () -> state().entries().stream().anyMatch(this::isScaling));
    }

    boolean isScaling(FigureEntry entry) {
      return entry.key().endsWith("/fig-7-left") && entry.isDrawn();
    }

    FiguresState state() {
      return model.state().get();
    }

    void chooseScaling() {
      String key =
          state().entries().stream().filter(this::isScaling).findFirst().orElseThrow().key();
      Fx.run(() -> model.choose(key));
      Fx.await("figure 7", () -> state().chosen().equals(key));
    }

    @Override
    public void close() {
      Fx.run(model::close);
      feed.close();
    }
  }

  @Test
  void theCatalogueHasEveryFigureOfThePaperAndSaysWhyOneIsNotThere() {
    Path workspace = folder.resolve("w");
    SampleStudies.scaling(workspace);
    try (Desk desk = new Desk(workspace)) {
      List<String> places = desk.state().entries().stream().map(FigureEntry::place).toList();
      for (int number = 1; number <= 44; number++) {
        String place = "Fig. " + number;
        assertThat(places)
            .anyMatch(
                each ->
                    each.equals(place)
                        || each.startsWith(place + " ")
                        || each.startsWith(place + ","));
      }
      assertThat(desk.state().entries())
          .filteredOn(entry -> entry.kind() == FigureEntry.Kind.NEVER)
          .isNotEmpty()
          .allMatch(entry -> !entry.from().isEmpty());
      Fx.run(() -> desk.model.choose("absent:2"));
      assertThat(desk.state().chosen()).isEqualTo(FiguresViewModel.POLICIES);
    }
  }

  @Test
  void changesAreKeptInTheWorkspaceAndUndone() {
    Path workspace = folder.resolve("w");
    SampleStudies.scaling(workspace);
    HouseStyle house =
        HouseStyle.of(FigureSize.Venue.ACL_COLUMN).coloured(Palette.TOL_BRIGHT.colours());
    String last;
    try (Desk desk = new Desk(workspace)) {
      desk.chooseScaling();
      Figure before = desk.state().figure();
      last = before.labels().getLast();
      Fx.run(
          () -> {
            desk.model.edit(new FigureEdit.Title("Scaling"));
            desk.model.edit(new FigureEdit.Title("Scaling"));
            desk.model.edit(
                new FigureEdit.Range(
                    FigureEdit.Which.Y, OptionalDouble.of(0.4), OptionalDouble.empty()));
            desk.model.edit(new FigureEdit.Rename(last, "largest"));
            desk.model.style(house);
          });
      assertThat(desk.state().edits().done()).hasSize(3);
      assertThat(desk.state().figure().labels()).contains("largest").doesNotContain(last);
      Fx.run(desk.model::undo);
      assertThat(desk.state().figure().labels()).contains(last);
      Fx.run(desk.model::redo);
      Fx.await(
          "the figure is kept",
          () -> desk.state().entry().orElseThrow().kind() == FigureEntry.Kind.KEPT);
    }
    try (Desk again = new Desk(workspace)) {
      again.chooseScaling();
      assertThat(again.state().figure().title()).isEqualTo("Scaling");
      assertThat(again.state().figure().y().minimum()).hasValue(0.4);
      assertThat(again.state().figure().labels()).contains("largest");
      assertThat(again.state().style()).isEqualTo(house);
      assertThat(again.state().edits().canUndo()).isTrue();
    }
  }

  @Test
  void theProjectIsExportedAndComparedAndAChangeIsFound() throws Exception {
    Path workspace = folder.resolve("w");
    Path out = folder.resolve("out");
    SampleStudies.scaling(workspace);
    try (Desk desk = new Desk(workspace)) {
      List<FigureBatch.Done> first = all(desk, out);
      assertThat(first).hasSizeGreaterThan(1);
      assertThat(first).allMatch(done -> done.diff().verdict() == FigureDiff.Verdict.NEW);
      assertThat(first.getFirst().files()).allMatch(Files::exists);
      byte[] bytes = Files.readAllBytes(first.getFirst().files().getFirst());
      assertThat(all(desk, out)).allMatch(done -> done.diff().verdict() == FigureDiff.Verdict.SAME);
      assertThat(Files.readAllBytes(first.getFirst().files().getFirst())).isEqualTo(bytes);

      desk.chooseScaling();
      Fx.run(
          () ->
              desk.model.edit(
                  new FigureEdit.Range(
                      FigureEdit.Which.Y, OptionalDouble.of(0.1), OptionalDouble.empty())));
      Fx.await(
          "the figure is kept",
          () -> desk.state().entry().orElseThrow().kind() == FigureEntry.Kind.KEPT);
      AtomicReference<List<FigureBatch.Done>> compared = new AtomicReference<>(List.of());
      Fx.run(() -> desk.model.compareAll(out, compared::set, desk.problems::add));
      Fx.await("the comparison", () -> !Objects.requireNonNull(compared.get()).isEmpty());
      assertThat(compared.get())
          .filteredOn(done -> done.diff().verdict() == FigureDiff.Verdict.CHANGED)
          .singleElement()
          .satisfies(
              done -> {
                assertThat(done.name()).endsWith("fig-7-left");
                assertThat(done.diff().lines()).anyMatch(line -> line.startsWith("y axis"));
                assertThat(done.files()).allMatch(Files::exists);
              });
      assertThat(desk.problems).isEmpty();
    }
  }

  private static List<FigureBatch.Done> all(Desk desk, Path out) {
    AtomicReference<List<FigureBatch.Done>> done = new AtomicReference<>(List.of());
    Fx.run(
        () ->
            desk.model.exportAll(
                List.of(FigureExport.Format.PDF, FigureExport.Format.CSV),
                out,
                done::set,
                desk.problems::add));
    Fx.await("the export", () -> !Objects.requireNonNull(done.get()).isEmpty());
    return Objects.requireNonNull(done.get());
  }

  /** What the page shows is, pixel by pixel, what a PNG of the same scale holds. */
  @Test
  void theScreenShowsWhatIsExported() throws Exception {
    Path workspace = folder.resolve("w");
    SampleStudies.scaling(workspace);
    try (Desk desk = new Desk(workspace)) {
      desk.chooseScaling();
      Path file = folder.resolve("figure.png");
      AtomicReference<Path> written = new AtomicReference<>();
      Fx.run(
          () -> desk.model.export(FigureExport.Format.PNG, file, written::set, desk.problems::add));
      Fx.await("the picture", () -> written.get() != null);
      BufferedImage png = ImageIO.read(file.toFile());
      HouseStyle style = desk.state().style();
      double scale = FigureExport.DPI / 72.0;
      FigureRaster screen =
          FigureRaster.render(
              desk.state().figure(),
              style.style().withSize(style.points() * scale),
              style.widthInches() * FigureExport.DPI,
              style.heightInches() * FigureExport.DPI,
              1);
      assertThat(screen.width()).isEqualTo(png.getWidth());
      assertThat(screen.height()).isEqualTo(png.getHeight());
      long differing = 0;
      for (int i = 0; i < screen.argb().length; i++) {
        int a = screen.argb()[i];
        int b = png.getRGB(i % screen.width(), i / screen.width());
        int worst =
            Math.max(
                Math.abs((a >> 16 & 255) - (b >> 16 & 255)),
                Math.max(
                    Math.abs((a >> 8 & 255) - (b >> 8 & 255)), Math.abs((a & 255) - (b & 255))));
        differing += worst > 48 ? 1 : 0;
      }
      assertThat(differing / (double) screen.argb().length).isLessThan(0.002);
    }
  }

  @Test
  void panelsAreTakenAndShownAsOne() {
    Path workspace = folder.resolve("w");
    SampleStudies.scaling(workspace);
    try (Desk desk = new Desk(workspace)) {
      desk.chooseScaling();
      Fx.run(
          () -> {
            desk.model.addPanel();
            desk.model.edit(new FigureEdit.Title("Again"));
            desk.model.addPanel();
            desk.model.showPanels(2, true, FigureSheet.Shared.Y);
          });
      assertThat(desk.state().sheet().orElseThrow().panels()).hasSize(2);
      assertThat(desk.model.fileName()).isEqualTo("panels");
      Path file = folder.resolve("panels.pdf");
      AtomicReference<Path> written = new AtomicReference<>();
      Fx.run(
          () -> desk.model.export(FigureExport.Format.PDF, file, written::set, desk.problems::add));
      Fx.await("the file", () -> written.get() != null);
      assertThat(file).isNotEmptyFile();
      Fx.run(desk.model::leavePanels);
      assertThat(desk.state().sheet()).isEmpty();
      Fx.run(desk.model::clearPanels);
      assertThat(desk.state().panels()).isEmpty();
    }
  }

  @Test
  void aHouseStyleIsSavedAndLoaded() {
    Path workspace = folder.resolve("w");
    SampleStudies.scaling(workspace);
    Path file = folder.resolve("our group.json");
    try (Desk desk = new Desk(workspace)) {
      AtomicReference<Path> saved = new AtomicReference<>();
      HouseStyle wide = HouseStyle.of(FigureSize.Venue.TALK);
      Fx.run(
          () -> {
            desk.model.style(wide);
            desk.model.saveStyle(file, saved::set, desk.problems::add);
          });
      Fx.await("the style is saved", () -> saved.get() != null);
      Fx.run(() -> desk.model.style(HouseStyle.of(FigureSize.Venue.TMLR)));
      Fx.run(() -> desk.model.loadStyle(file, desk.problems::add));
      Fx.await("the style is loaded", () -> desk.state().style().name().equals("our group"));
      assertThat(desk.state().style()).isEqualTo(wide.named("our group"));
      Fx.run(() -> desk.model.loadStyle(folder.resolve("none.json"), desk.problems::add));
      Fx.await("the problem is told", () -> !desk.problems.isEmpty());
      assertThat(desk.problems.getFirst()).contains("none.json");
    }
  }

  @Test
  void aFigureIsCopiedAsADrawing() {
    Path workspace = folder.resolve("w");
    SampleRuns.policy(workspace, "helpful-ppo", 60, 3, RunState.FINISHED);
    try (Bench bench = new Bench(workspace, folder, Theme.LIGHT, 1000, 700)) {
      bench.awaitRuns(1);
      bench.show(Page.FIGURES);
      bench.settle();
      Fx.run(() -> bench.find("#figures-part-export", ToggleButton.class).fire());
      bench.settle();
      Fx.run(() -> bench.find("#figure-copy", Button.class).fire());
      Fx.await("the drawing is copied", () -> !bench.copied.isEmpty());
      assertThat(bench.copied.getFirst()).contains("<svg").contains("PM score");
    }
  }

  @ParameterizedTest
  @EnumSource(Theme.class)
  void picturesOfThePage(Theme theme) {
    Path workspace = folder.resolve("w");
    SampleRuns.policy(workspace, "helpful-ppo", 60, 3, RunState.FINISHED);
    SampleStudies.scaling(workspace);
    for (int width : new int[] {1440, 1000}) {
      try (Bench bench = new Bench(workspace, folder, theme, width, width == 1440 ? 900 : 700)) {
        bench.awaitRuns(1);
        bench.show(Page.FIGURES);
        bench.settle();
        ListView<?> list = bench.find("#figure-catalogue", ListView.class);
        Fx.await(
            "the catalogue",
            () -> list.getItems().stream().anyMatch(each -> isScaling((FigureEntry) each)));
        Fx.run(
            () -> {
              for (int i = 0; i < list.getItems().size(); i++) {
                if (isScaling((FigureEntry) list.getItems().get(i))) {
                  list.getSelectionModel().select(i);
                }
              }
            });
        Fx.run(() -> bench.find("#figures-part-edit", ToggleButton.class).fire());
        TextField title = bench.find("#figure-title", TextField.class);
        Fx.await("figure 7", () -> title.getText().contains("accuracy against"));
        bench.settle();
        assertThat(bench.find("#figure-undo", Button.class).isDisabled()).isTrue();
        String name = "figures-paper-" + width + "-" + theme.name().toLowerCase(Locale.ROOT);
        Fx.picture(bench.scene, PICTURES.resolve(name + ".png"));
      }
    }
  }

  private static boolean isScaling(FigureEntry entry) {
    return entry.key().endsWith("/fig-7-left") && entry.isDrawn();
  }
}
