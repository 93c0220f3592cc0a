package dev.plumbline.app.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.app.shell.ShellViewModel;
import dev.plumbline.app.shell.Tasks;
import dev.plumbline.app.testing.Fx;
import dev.plumbline.data.ComparisonReader;
import dev.plumbline.data.DataPreview;
import dev.plumbline.workspace.DataFile;
import dev.plumbline.workspace.DataQuery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the data page does, without a window. */
final class DataViewModelsTest {
  @TempDir private Path folder;

  private final List<String> problems = new ArrayList<>();

  private DataLibrary library(Tasks tasks) {
    return new DataLibrary(folder.resolve("w"), tasks, () -> {}, problems::add);
  }

  private static DataFile add(DataLibrary library, Path file) {
    AtomicReference<Optional<DataFile>> added = new AtomicReference<>(Optional.empty());
    DataPreview preview = DataPreview.of(file);
    String name = String.valueOf(file.getFileName()).replace(".jsonl.gz", "");
    Fx.run(
        () ->
            library.add(
                preview,
                preview.mapping(),
                name,
                done -> added.set(Optional.of(done)),
                line -> {
                  throw new AssertionError(line);
                }));
    Fx.await("the import", () -> Objects.requireNonNull(added.get()).isPresent());
    Fx.await("the list", () -> library.file(name).isPresent());
    return Objects.requireNonNull(added.get()).orElseThrow();
  }

  @Test
  void rowsOfAFileThatTrainingRefusesAreReadFromACleanCopy() {
    Fx.start();
    Path data = DataFixture.comparisons(folder.resolve("helpful.jsonl.gz"), 300, 1);
    try (Tasks tasks = new Tasks(new ShellViewModel());
        DataLibrary library = library(tasks)) {
      DataFile file = add(library, data);
      assertThat(file.isConverted()).as("line 41 is damaged").isTrue();
      assertThat(ComparisonReader.read(file.file()).report().malformed()).isZero();
      BrowseViewModel browse = new BrowseViewModel(library, problems::add);
      Fx.run(() -> browse.show(file));
      Fx.await("no index", () -> browse.state().get().phase() == BrowseViewModel.Phase.UNINDEXED);
      Fx.run(() -> library.makeIndex(file, () -> browse.show(file)));
      Fx.await("all rows", () -> browse.state().get().found() == 300);
      assertThat(Fx.call(() -> browse.line(299))).isEmpty();
      Fx.await("the page", () -> browse.line(299).isPresent());
      Fx.run(() -> browse.filter().set("is:duplicate"));
      Fx.await("two rows", () -> browse.state().get().found() == 2);
      Fx.run(() -> browse.order(DataQuery.Order.LINE, true));
      Fx.await("turned round", () -> browse.id(0) == 300);
      assertThat(browse.id(1)).isEqualTo(1);
      Fx.run(() -> browse.open(0));
      Fx.await("the row", () -> browse.opened().get().isPresent());
      assertThat(browse.opened().get().orElseThrow().line().id()).isEqualTo(300);
      Fx.run(() -> browse.filter().set("turns>"));
      assertThat(browse.wrong().get()).isEqualTo("turns>");
      assertThat(browse.state().get().found()).as("the last answer stays").isEqualTo(2);
      assertThat(problems).isEmpty();
    }
  }

  @Test
  void sharesThatAreEqualAddUpToOne() {
    Fx.start();
    Path one = DataFixture.comparisons(folder.resolve("helpful-train.jsonl.gz"), 60, 1);
    Path other = DataFixture.comparisons(folder.resolve("red: team.jsonl.gz"), 60, 2);
    try (Tasks tasks = new Tasks(new ShellViewModel());
        DataLibrary library = library(tasks)) {
      add(library, one);
      DataPreview preview = DataPreview.of(other);
      AtomicReference<String> name = new AtomicReference<>("");
      Fx.run(
          () ->
              library.add(
                  preview, preview.mapping(), "red: team", f -> name.set(f.name()), _ -> {}));
      Fx.await("the list", () -> library.files().get().size() == 2);
      MixtureViewModel mixture = new MixtureViewModel(library, new NoControl());
      Fx.run(
          () -> {
            mixture.add("helpful-train");
            mixture.add(Objects.requireNonNull(name.get()));
            mixture.add("helpful-train");
            mixture.equal();
          });
      assertThat(mixture.state().get().isWhole()).isTrue();
      assertThat(mixture.state().get().parts())
          .extracting(MixtureViewModel.Part::name)
          .doesNotHaveDuplicates();
      Fx.run(
          () ->
              mixture.set(2, new MixtureViewModel.Part("helpful-train", "more", "yes", 0.3334, 2)));
      assertThat(mixture.spec())
          .contains("name: more", "tranche: \"yes\"", "fraction: 0.3334, loss_weight: 2}")
          .contains("max_comparisons: 8000");
      assertThat(MixtureViewModel.yaml("a: b")).isEqualTo("\"a: b\"");
    }
  }
}
