package dev.plumbline.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.plumbline.data.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The installer against a server in this process that fails in every way that servers do. */
final class CudaRuntimeInstallerTest {
  private static final CudaPlatform LINUX = CudaPlatform.of("Linux", "amd64").orElseThrow();
  private static final String PREFIX = "cu128/linux-x86_64/native/lib/";

  @TempDir private Path home;

  /** What is on the server, by path below the base. */
  private final Map<String, byte[]> files = new HashMap<>();

  private final Map<String, byte[]> contents = new HashMap<>();
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private final List<CudaRuntimeInstaller.Progress> progress = new ArrayList<>();
  private HttpServer server;
  private ExecutorService threads;
  private long free = 1L << 40;

  // How the server behaves.
  private volatile boolean ranges = true;
  private volatile String etag = "\"v1\"";
  private volatile String cutFile = "";
  private volatile int cutAt;
  private final AtomicInteger cuts = new AtomicInteger();
  private volatile int status = 200;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    threads = Executors.newCachedThreadPool();
    server.setExecutor(threads);
    server.createContext("/pytorch/2.7.1", this::serve);
    server.start();
    StringBuilder list = new StringBuilder("cpu/linux-x86_64/native/lib/libtorch.so.gz\n");
    byte seed = 1;
    for (String name :
        Stream.concat(
                LINUX.required().stream(), Stream.of("libcudart-d0da41ae.so.12", "libstdc++.so.6"))
            .toList()) {
      byte[] content = new byte[300_000];
      new java.util.Random(seed++).nextBytes(content);
      contents.put(name, content);
      String path = PREFIX + name.replace("+", "%2B") + ".gz";
      files.put(path, gzip(content));
      list.append(path).append('\n');
    }
    list.append("cu128/win-x86_64/native/lib/torch.dll.gz\n");
    files.put("files.txt", list.toString().getBytes(StandardCharsets.UTF_8));
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getRawPath().substring("/pytorch/2.7.1/".length());
      String range = exchange.getRequestHeaders().getFirst("Range");
      requests.add(exchange.getRequestMethod() + " " + path + (range == null ? "" : " " + range));
      byte[] file = files.get(path);
      if (file == null || status != 200) {
        exchange.sendResponseHeaders(file == null ? 404 : status, -1);
        return;
      }
      exchange.getResponseHeaders().set("ETag", etag);
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().set("Content-Length", Integer.toString(file.length));
        exchange.sendResponseHeaders(200, -1);
        return;
      }
      String condition = exchange.getRequestHeaders().getFirst("If-Range");
      int from = 0;
      if (ranges && range != null && (condition == null || condition.equals(etag))) {
        String wanted = range.substring("bytes=".length());
        from =
            wanted.startsWith("-")
                ? file.length - Integer.parseInt(wanted.substring(1))
                : Integer.parseInt(wanted.substring(0, wanted.length() - 1));
        exchange
            .getResponseHeaders()
            .set("Content-Range", "bytes " + from + "-" + (file.length - 1) + "/" + file.length);
      }
      boolean part = exchange.getResponseHeaders().containsKey("Content-Range");
      exchange.sendResponseHeaders(part ? 206 : 200, file.length - from);
      OutputStream out = exchange.getResponseBody();
      if (path.endsWith(cutFile + ".gz")
          && !cutFile.isEmpty()
          && cuts.get() > 0
          && from + 4 < file.length) {
        cuts.decrementAndGet();
        out.write(file, from, Math.min(cutAt, file.length - from) / 2);
        out.flush();
        return; // closing before the announced length breaks the connection
      }
      out.write(file, from, file.length - from);
    }
  }

  private CudaRuntimeInstaller installer() {
    return new CudaRuntimeInstaller(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/pytorch/2.7.1"),
        LINUX,
        home,
        place -> free,
        attempt -> {});
  }

  private CudaRuntimeInstaller.Watcher watcher(long cancelAt) {
    return new CudaRuntimeInstaller.Watcher() {
      @Override
      public void at(CudaRuntimeInstaller.Progress now) {
        progress.add(now);
      }

      @Override
      public boolean cancelled() {
        return !progress.isEmpty() && progress.getLast().done() >= cancelAt;
      }
    };
  }

  private CudaRuntime install() {
    CudaRuntimeInstaller installer = installer();
    return installer.install(installer.plan(watcher(Long.MAX_VALUE)), watcher(Long.MAX_VALUE));
  }

  private void assertInstalled() throws IOException {
    Path folder = installer().folder();
    assertThat(CudaRuntime.problem(LINUX, folder)).isEmpty();
    for (Map.Entry<String, byte[]> file : contents.entrySet()) {
      assertThat(folder.resolve(file.getKey())).hasBinaryContent(file.getValue());
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(contents.keySet().stream(), Stream.of(CudaRuntime.MANIFEST)).toList());
    }
    assertThat(folder.resolveSibling(folder.getFileName() + ".part")).doesNotExist();
  }

  private long gets(String name) {
    return requests.stream()
        .filter(r -> r.startsWith("GET " + PREFIX + name + ".gz") && !r.endsWith("bytes=-4"))
        .count();
  }

  @Test
  void the_plan_tells_sizes_and_fetches_no_library() {
    CudaRuntimeInstaller.Plan plan = installer().plan(watcher(Long.MAX_VALUE));
    long packed = contents.keySet().stream().mapToLong(this::packed).sum();
    long largest = contents.keySet().stream().mapToLong(this::packed).max().orElseThrow();
    assertThat(plan.parts()).hasSize(7);
    assertThat(plan.parts()).extracting(CudaRuntimeInstaller.Part::name).contains("libstdc++.so.6");
    assertThat(plan.downloadBytes()).isEqualTo(packed);
    assertThat(plan.diskBytes()).isEqualTo(7 * 300_000L + largest);
    assertThat(plan.question()).contains("7 files", "2 MB", "127.0.0.1", home.toString());
    assertThat(contents.keySet()).allSatisfy(name -> assertThat(gets(name)).isZero());
    assertThat(home).as("asking writes nothing").isEmptyDirectory();
  }

  private byte[] onServer(String name) {
    return Objects.requireNonNull(files.get(PREFIX + name.replace("+", "%2B") + ".gz"));
  }

  private long packed(String name) {
    return onServer(name).length;
  }

  @Test
  void what_is_installed_is_what_the_server_has() throws IOException {
    CudaRuntime runtime = install();
    assertThat(runtime.source()).isEqualTo(CudaRuntime.Source.INSTALLED);
    assertInstalled();
    assertThat(progress.getLast().done()).isEqualTo(progress.getLast().total());
    assertThat(progress)
        .extracting(CudaRuntimeInstaller.Progress::done)
        .as("never falls back, but for the new count after the plan")
        .satisfies(done -> assertThat(done.subList(7, done.size())).isSorted());
    assertThat(CudaRuntime.first(CudaRuntime.places(LINUX, Map.of(), home, home)))
        .contains(runtime);
  }

  @Test
  void a_transfer_that_breaks_goes_on_where_it_was() throws IOException {
    cutFile = "libtorch_cuda.so";
    cutAt = 200_000;
    cuts.set(2);
    install();
    assertInstalled();
    assertThat(requests)
        .as("the second request asks for the rest alone")
        .anyMatch(r -> r.matches("GET .*libtorch_cuda.so.gz bytes=[1-9]\\d+-"));
    assertThat(gets("libtorch_cuda.so")).isEqualTo(3);
    assertThat(gets("libc10.so")).isEqualTo(1);
  }

  @Test
  void a_server_without_ranges_is_asked_for_the_whole_again() throws IOException {
    ranges = false;
    cutFile = "libtorch_cuda.so";
    cutAt = 200_000;
    cuts.set(1);
    CudaRuntimeInstaller.Plan plan = installer().plan(watcher(Long.MAX_VALUE));
    assertThat(plan.parts()).allMatch(part -> part.unpacked().isEmpty());
    install();
    assertInstalled();
  }

  @Test
  void a_cancelled_installation_keeps_what_came_and_the_next_one_goes_on() throws IOException {
    CudaRuntimeInstaller installer = installer();
    CudaRuntimeInstaller.Plan plan = installer.plan(watcher(Long.MAX_VALUE));
    progress.clear();
    assertThatThrownBy(() -> installer.install(plan, watcher(1_000_000)))
        .isInstanceOf(CancellationException.class);
    assertThat(installer.folder()).doesNotExist();
    CudaRuntimeInstaller.Plan rest = installer.plan(watcher(Long.MAX_VALUE));
    assertThat(rest.downloadBytes()).isLessThan(plan.downloadBytes() - 800_000);
    assertThat(rest.diskBytes()).isLessThan(plan.diskBytes());
    requests.clear();
    installer.install(rest, watcher(Long.MAX_VALUE));
    assertInstalled();
    assertThat(gets("libc10.so")).as("the first file was complete").isZero();
  }

  @Test
  void another_file_of_the_same_name_is_not_joined_to_the_old_half() throws IOException {
    CudaRuntimeInstaller installer = installer();
    cutFile = "libtorch_cuda.so";
    cutAt = 200_000;
    cuts.set(100);
    CudaRuntimeInstaller.Plan plan = installer.plan(watcher(Long.MAX_VALUE));
    progress.clear();
    long before = 3L * 300_000;
    assertThatThrownBy(() -> installer.install(plan, watcher(before + 150_000)))
        .isInstanceOf(CancellationException.class);
    cuts.set(0);
    byte[] other = Objects.requireNonNull(contents.get("libtorch_cuda.so")).clone();
    Arrays.fill(other, 0, 50_000, (byte) 7);
    contents.put("libtorch_cuda.so", other);
    files.put(PREFIX + "libtorch_cuda.so.gz", gzip(other));
    etag = "\"v2\"";
    install();
    assertInstalled();
  }

  @Test
  void damaged_content_is_fetched_again_and_in_the_end_refused() {
    byte[] damaged = onServer("libtorch_cuda.so").clone();
    damaged[damaged.length / 2] ^= 1;
    files.put(PREFIX + "libtorch_cuda.so.gz", damaged);
    assertThatThrownBy(this::install)
        .isInstanceOf(UserError.class)
        .hasMessageContaining("libtorch_cuda.so could not be fetched from 127.0.0.1")
        .hasMessageContaining("damaged");
    assertThat(gets("libtorch_cuda.so")).isEqualTo(4);
    assertThat(installer().folder()).doesNotExist();
  }

  @Test
  void a_wrong_length_is_noticed() {
    CudaRuntimeInstaller.Plan plan = installer().plan(watcher(Long.MAX_VALUE));
    files.put(PREFIX + "libc10.so.gz", Arrays.copyOf(onServer("libc10.so"), 1000));
    assertThatThrownBy(() -> installer().install(plan, watcher(Long.MAX_VALUE)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("libc10.so");
    assertThat(installer().folder()).doesNotExist();
  }

  @Test
  void a_full_disk_is_said_before_anything_is_fetched() {
    CudaRuntimeInstaller.Plan plan = installer().plan(watcher(Long.MAX_VALUE));
    free = 100_000_000;
    requests.clear();
    assertThatThrownBy(() -> installer().install(plan, watcher(Long.MAX_VALUE)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("needs 202 MB")
        .hasMessageContaining("only 100 MB are free");
    assertThat(requests).isEmpty();
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void a_server_that_is_not_there_or_has_no_such_build_is_one_line() {
    status = 503;
    assertThatThrownBy(() -> installer().plan(watcher(Long.MAX_VALUE)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("503")
        .hasMessageContaining("proxy");
    status = 200;
    files.put(
        "files.txt",
        "cpu/linux-x86_64/native/lib/libtorch.so.gz\n".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> installer().plan(watcher(Long.MAX_VALUE)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("has no cu128/linux-x86_64/");
    server.stop(0);
    assertThatThrownBy(() -> installer().plan(watcher(Long.MAX_VALUE)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("127.0.0.1 cannot be asked");
  }

  @Test
  void a_server_names_no_place_outside_the_folder() {
    String path = PREFIX + "..%2F..%2Fevil.gz";
    files.put(path, new byte[10]);
    files.put("files.txt", (path + "\n").getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> installer().plan(watcher(Long.MAX_VALUE)))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("cannot be one");
  }

  @Test
  void a_chosen_folder_is_used_where_it_is_until_another_is_installed() throws IOException {
    Path chosen = home.resolve("elsewhere/lib");
    assertThatThrownBy(() -> installer().use(chosen))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("holds no CUDA runtime")
        .hasMessageContaining("libtorch.so");
    CudaRuntimeTest.complete(chosen);
    installer().use(chosen);
    assertThat(CudaRuntime.first(CudaRuntime.places(LINUX, Map.of(), home, home)))
        .contains(new CudaRuntime(chosen, CudaRuntime.Source.CHOSEN));
    assertThat(requests).as("without a network").isEmpty();
    CudaRuntime installed = install();
    assertThat(CudaRuntime.first(CudaRuntime.places(LINUX, Map.of(), home, home)))
        .contains(installed);
  }

  @Test
  void proxies_of_the_environment_are_honoured() {
    URI address = URI.create("https://publish.djl.ai/pytorch");
    Map<String, String> proxied = Map.of("https_proxy", "proxy.example:3128");
    assertThat(EnvironmentProxy.of(proxied).address(address))
        .hasValueSatisfying(proxy -> assertThat(proxy).hasHost("proxy.example").hasPort(3128));
    assertThat(EnvironmentProxy.of(proxied).address(URI.create("http://publish.djl.ai"))).isEmpty();
    assertThat(
            EnvironmentProxy.of(
                    Map.of("HTTPS_PROXY", "http://p:1", "NO_PROXY", "localhost,.djl.ai"))
                .address(address))
        .isEmpty();
    assertThat(
            EnvironmentProxy.of(Map.of("HTTPS_PROXY", "http://p:1", "NO_PROXY", "notdjl.ai"))
                .address(address))
        .isPresent();
  }
}
