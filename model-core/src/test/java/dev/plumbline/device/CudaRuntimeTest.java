package dev.plumbline.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a CUDA runtime is looked for, and what counts as a complete one. */
final class CudaRuntimeTest {
  private static final CudaPlatform LINUX = CudaPlatform.of("Linux", "amd64").orElseThrow();

  @TempDir private Path folder;

  static void complete(Path directory) throws IOException {
    Files.createDirectories(directory);
    for (String name : LINUX.required()) {
      Files.writeString(directory.resolve(name), name);
    }
  }

  private List<CudaRuntime.Place> places(Map<String, String> environment) {
    return CudaRuntime.places(LINUX, environment, folder.resolve("home"), folder.resolve("cache"));
  }

  @Test
  void nothing_is_there_at_first_and_every_place_is_told() {
    assertThat(CudaRuntime.first(places(Map.of()))).isEmpty();
    assertThat(places(Map.of()))
        .extracting(CudaRuntime.Place::source, CudaRuntime.Place::problem)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(CudaRuntime.Source.INSTALLED, "not there"),
            org.assertj.core.groups.Tuple.tuple(CudaRuntime.Source.ENGINE_CACHE, "not there"));
  }

  @Test
  void the_environment_goes_before_plumblines_folder_and_the_engines_cache() throws IOException {
    Path cache = folder.resolve("cache/pytorch/2.7.1-cu128-linux-x86_64");
    complete(cache);
    assertThat(CudaRuntime.first(places(Map.of())).orElseThrow().directory()).isEqualTo(cache);
    Path own = folder.resolve("home/2.7.1-cu128-linux-x86_64");
    complete(own);
    assertThat(CudaRuntime.first(places(Map.of())).orElseThrow().directory()).isEqualTo(own);
    Path named = folder.resolve("named");
    complete(named);
    Map<String, String> environment =
        Map.of("PYTORCH_LIBRARY_PATH", named.resolve("libtorch.so").toString());
    assertThat(CudaRuntime.first(places(environment)).orElseThrow())
        .isEqualTo(new CudaRuntime(named, CudaRuntime.Source.ENVIRONMENT));
  }

  @Test
  void a_folder_of_the_cpus_build_is_none() throws IOException {
    complete(folder);
    Files.delete(folder.resolve("libtorch_cuda.so"));
    Files.delete(folder.resolve("libc10_cuda.so"));
    assertThat(CudaRuntime.problem(LINUX, folder))
        .isEqualTo("missing or cut short: libc10_cuda.so, libtorch_cuda.so");
  }

  @Test
  void what_was_installed_is_held_to_its_lengths() throws IOException {
    complete(folder);
    Files.writeString(folder.resolve("libcudnn.so.9"), "12345");
    Files.writeString(folder.resolve(CudaRuntime.MANIFEST), "libcudnn.so.9=5\nlibcublas.so.12=7\n");
    assertThat(CudaRuntime.problem(LINUX, folder))
        .isEqualTo("missing or cut short: libcublas.so.12");
    Files.writeString(folder.resolve("libcublas.so.12"), "1234567");
    assertThat(CudaRuntime.problem(LINUX, folder)).isEmpty();
    Files.writeString(folder.resolve("libcudnn.so.9"), "123");
    assertThat(CudaRuntime.problem(LINUX, folder)).isEqualTo("missing or cut short: libcudnn.so.9");
  }

  /** The version and flavour that we ask for are those that the engine's glue is built for. */
  @Test
  void version_and_flavour_are_those_of_the_engine() throws IOException {
    Properties engine = new Properties();
    try (InputStream in =
        Objects.requireNonNull(
            CudaRuntimeTest.class.getResourceAsStream("/pytorch-engine.properties"))) {
      engine.load(in);
    }
    assertThat(engine.getProperty("pytorch_version")).isEqualTo(CudaRuntime.VERSION);
    for (String glue : List.of("linux-x86_64/%s/libdjl_torch.so", "win-x86_64/%s/djl_torch.dll")) {
      assertThat(CudaRuntimeTest.class.getResource("/jnilib/" + glue.formatted(CudaRuntime.FLAVOR)))
          .as(glue)
          .isNotNull();
    }
  }
}
