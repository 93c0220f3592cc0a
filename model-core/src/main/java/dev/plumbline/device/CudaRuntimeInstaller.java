package dev.plumbline.device;

import dev.plumbline.data.UserError;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the CUDA build of the tensor library into Plumbline's own folder. Nothing here is called
 * unless a person asked for it: {@link #plan} asks the server for names and sizes, a person sees
 * them and agrees, {@link #install} downloads. The server is the engine's own: {@code files.txt}
 * lists what there is, each library is a gzip file.
 *
 * <p>A transfer that ends early goes on from where it was, within an installation and in the next
 * one. Every file is held to the length that the server said and to the checksum inside the gzip
 * format; the folder appears by one atomic rename when all are there.
 */
public final class CudaRuntimeInstaller {
  /** System property with another server's address, such as a mirror's. */
  public static final String BASE_PROPERTY = "plumbline.cuda.base";

  private static final Logger LOG = LoggerFactory.getLogger(CudaRuntimeInstaller.class);
  private static final String BASE = "https://publish.djl.ai/pytorch/" + CudaRuntime.VERSION;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ATTEMPTS = 4;
  private static final int CHUNK = 1 << 18;
  private static final long MARGIN = 200_000_000L; // bytes that stay free on the disk
  private static final double USUAL_RATIO = 2.2; // unpacked to packed, where the server won't tell

  /**
   * One file to fetch.
   *
   * @param name its name in the folder
   * @param path its place on the server
   * @param bytes its length there, packed
   * @param unpacked its length in the folder, modulo 2^32; empty where the server does not tell
   * @param tag the server's mark of this version; empty where there is none
   */
  public record Part(String name, String path, long bytes, OptionalLong unpacked, String tag) {}

  /**
   * What an installation would do.
   *
   * @param server the server's name
   * @param folder where the files will be
   * @param parts the files
   * @param downloadBytes bytes still to be transferred
   * @param diskBytes bytes that must be free for it
   * @param freeBytes bytes that are free there now
   */
  public record Plan(
      String server,
      Path folder,
      List<Part> parts,
      long downloadBytes,
      long diskBytes,
      long freeBytes) {
    public Plan {
      parts = List.copyOf(parts);
    }

    /** The question to ask before it is done. */
    public String question() {
      return String.format(
          Locale.ROOT,
          "%d files, %s to download from %s; %s on the disk in %s, where %s are free",
          parts.size(),
          size(downloadBytes),
          server,
          size(diskBytes),
          folder,
          size(freeBytes));
    }
  }

  /**
   * How far it is.
   *
   * @param file the file at work
   * @param done bytes transferred, earlier installations included
   * @param total bytes of all files, packed
   * @param unpacking whether the file is being unpacked
   */
  public record Progress(String file, long done, long total, boolean unpacking) {}

  /** Watches an installation; called on the thread that installs. */
  public interface Watcher {
    /** Hears how far it is, some times a second. */
    void at(Progress progress);

    /** Whether to end; what was transferred stays for the next time. */
    boolean cancelled();
  }

  private final URI base;
  private final CudaPlatform platform;
  private final Path home;
  private final ToLongFunction<Path> freeBytes;
  private final IntConsumer pause;

  CudaRuntimeInstaller(
      URI base,
      CudaPlatform platform,
      Path home,
      ToLongFunction<Path> freeBytes,
      IntConsumer pause) {
    this.base = base;
    this.platform = platform;
    this.home = home;
    this.freeBytes = freeBytes;
    this.pause = pause;
  }

  /**
   * The installer of this machine.
   *
   * @throws UserError where there is no CUDA build for it
   */
  public static CudaRuntimeInstaller standard() {
    CudaPlatform platform =
        CudaPlatform.current()
            .orElseThrow(
                () ->
                    new UserError(
                        "there is no CUDA build for "
                            + System.getProperty("os.name")
                            + " "
                            + System.getProperty("os.arch")
                            + "; Linux and Windows on x86-64 have one"));
    return new CudaRuntimeInstaller(
        address(System.getProperty(BASE_PROPERTY, BASE)),
        platform,
        CudaRuntime.home(),
        CudaRuntimeInstaller::usable,
        // A server that just failed is given one, two, four seconds.
        attempt -> LockSupport.parkNanos(Duration.ofSeconds(1L << attempt).toNanos()));
  }

  private static URI address(String text) {
    try {
      return URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    } catch (IllegalArgumentException e) {
      throw new UserError(BASE_PROPERTY + " is no address: " + text, e);
    }
  }

  private static long usable(Path place) {
    for (Path at = place.toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at)) {
        try {
          return Files.getFileStore(at).getUsableSpace();
        } catch (IOException e) {
          LOG.debug("the free space of {} is not told: {}", at, e.getMessage());
          return Long.MAX_VALUE;
        }
      }
    }
    return Long.MAX_VALUE;
  }

  /** The folder that is made. */
  public Path folder() {
    return CudaRuntime.installed(home, platform);
  }

  private Path staging() {
    return folder().resolveSibling(folder().getFileName() + ".part");
  }

  // ---------------------------------------------------------------------------------- planning

  /**
   * Asks the server what there is to fetch and how much; transfers some kilobytes.
   *
   * @throws UserError where the server cannot be reached or has no such build
   * @throws CancellationException where the watcher cancelled
   */
  public Plan plan(Watcher watcher) {
    try (HttpClient client = client()) {
      String prefix = CudaRuntime.FLAVOR + "/" + platform.classifier() + "/";
      List<String> paths =
          text(client, base + "/files.txt")
              .lines()
              .map(String::strip)
              .filter(line -> line.startsWith(prefix) && line.endsWith(".gz"))
              .toList();
      if (paths.isEmpty()) {
        throw new UserError(
            base + " has no " + prefix + " in its files.txt; check " + BASE_PROPERTY);
      }
      List<Part> parts = new ArrayList<>();
      for (String path : paths) {
        check(watcher);
        watcher.at(new Progress(name(path), parts.size(), paths.size(), false));
        parts.add(part(client, path));
      }
      long download = 0;
      long unpacked = 0;
      long largest = 0;
      Properties ready = manifest(staging());
      for (Part part : parts) {
        if (isReady(part, ready)) {
          continue;
        }
        download += part.bytes() - Math.min(part.bytes(), length(partial(part)));
        unpacked += part.unpacked().orElse((long) (part.bytes() * USUAL_RATIO));
        largest = Math.max(largest, part.bytes());
      }
      return new Plan(
          String.valueOf(base.getHost()),
          folder(),
          parts,
          download,
          unpacked + largest,
          freeBytes.applyAsLong(folder()));
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private Part part(HttpClient client, String path) throws IOException, InterruptedException {
    HttpResponse<Void> head =
        client.send(
            request(path).method("HEAD", HttpRequest.BodyPublishers.noBody()).build(),
            BodyHandlers.discarding());
    OptionalLong length = head.headers().firstValueAsLong("Content-Length");
    if (head.statusCode() != 200 || length.isEmpty() || length.getAsLong() <= 0) {
      throw new IOException(path + " answered " + head.statusCode() + " without a length");
    }
    // The last four bytes of a gzip file are the length of what is inside.
    HttpResponse<InputStream> end =
        client.send(
            request(path).header("Range", "bytes=-4").build(), BodyHandlers.ofInputStream());
    OptionalLong unpacked = OptionalLong.empty();
    try (InputStream body = end.body()) {
      if (end.statusCode() == 206) {
        byte[] last = body.readNBytes(4);
        if (last.length == 4) {
          unpacked =
              OptionalLong.of(
                  Integer.toUnsignedLong(
                      ByteBuffer.wrap(last).order(ByteOrder.LITTLE_ENDIAN).getInt()));
        }
      }
    }
    String tag = head.headers().firstValue("ETag").filter(t -> !t.startsWith("W/")).orElse("");
    return new Part(name(path), path, length.getAsLong(), unpacked, tag);
  }

  /** The file's name; a server may not name a place outside the folder. */
  private String name(String path) {
    String last = path.substring(path.lastIndexOf('/') + 1, path.length() - 3);
    String name = URLDecoder.decode(last, StandardCharsets.UTF_8);
    if (!name.matches("[A-Za-z0-9_+][A-Za-z0-9._+-]*")) {
      throw new UserError(base + " names a file that cannot be one: " + name);
    }
    return name;
  }

  // -------------------------------------------------------------------------------- installing

  /**
   * Does what a plan says; call it only when a person agreed.
   *
   * @return the complete runtime
   * @throws UserError where the disk is too small, the server fails for good, or another
   *     installation goes on; what was transferred stays for the next time
   * @throws CancellationException where the watcher cancelled, or the thread was interrupted
   */
  public CudaRuntime install(Plan plan, Watcher watcher) {
    long free = freeBytes.applyAsLong(folder());
    if (free < plan.diskBytes() + MARGIN) {
      throw new UserError(
          "the CUDA runtime needs %s in %s, but only %s are free; free some space, or move it with -Dplumbline.home"
              .formatted(size(plan.diskBytes() + MARGIN), home, size(free)));
    }
    try {
      Files.createDirectories(staging());
      try (FileChannel channel =
              FileChannel.open(
                  home.resolve("install.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = lock(channel);
          HttpClient client = client()) {
        LOG.debug("installing under {}", lock);
        fetchAll(client, plan, watcher);
        return finish();
      }
    } catch (IOException e) {
      throw new UserError(
          "the CUDA runtime could not be written to %s: %s; check rights and space, then install again to go on"
              .formatted(home, e.getMessage()),
          e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static FileLock lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
    } catch (OverlappingFileLockException e) {
      LOG.debug("this process installs already");
    }
    throw new UserError("another installation of the CUDA runtime goes on; wait for it");
  }

  private void fetchAll(HttpClient client, Plan plan, Watcher watcher)
      throws IOException, InterruptedException {
    Properties ready = manifest(staging());
    long total = plan.parts().stream().mapToLong(Part::bytes).sum();
    long before = 0;
    for (Part part : plan.parts()) {
      if (!isReady(part, ready)) {
        fetch(client, part, new Counted(watcher, part, before, total));
        ready.setProperty(part.name(), Long.toString(length(staging().resolve(part.name()))));
        write(ready);
      }
      before += part.bytes();
    }
  }

  /** Fetches and unpacks one file, with as many attempts as bring something new, and some more. */
  private void fetch(HttpClient client, Part part, Counted counted)
      throws IOException, InterruptedException {
    Path partial = partial(part);
    int failures = 0;
    long furthest = length(partial);
    while (true) {
      try {
        if (length(partial) != part.bytes()) {
          transfer(client, part, partial, counted);
        }
        unpack(part, partial, counted);
        return;
      } catch (WrongContent e) {
        Files.deleteIfExists(partial);
        failures = retry(part, e, failures);
      } catch (Interrupted e) {
        // Further than ever before, or a server that changed its file would be asked for ever.
        failures = retry(part, e, length(partial) > furthest ? 0 : failures);
        furthest = Math.max(furthest, length(partial));
      }
    }
  }

  private int retry(Part part, IOException e, int failures) {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("cancelled");
    }
    if (failures + 1 >= ATTEMPTS) {
      throw new UserError(
          "%s could not be fetched from %s: %s; what is here is kept, install again to go on"
              .formatted(part.name(), base.getHost(), reason(e)),
          e);
    }
    LOG.info("{}: {}; once more", part.name(), reason(e));
    pause.accept(failures);
    return failures + 1;
  }

  /** Appends what is missing, or begins anew where the server has no ranges or another file. */
  private void transfer(HttpClient client, Part part, Path partial, Counted counted)
      throws IOException, InterruptedException {
    long had = length(partial);
    if (had > part.bytes()) {
      Files.delete(partial);
      had = 0;
    }
    HttpRequest.Builder request = request(part.path());
    if (had > 0) {
      request.header("Range", "bytes=" + had + "-");
      if (!part.tag().isEmpty()) {
        request.header("If-Range", part.tag());
      }
    }
    HttpResponse<InputStream> response = send(client, request.build());
    try (InputStream body = response.body()) {
      boolean continued =
          response.statusCode() == 206
              && response
                  .headers()
                  .firstValue("Content-Range")
                  .orElse("")
                  .equals("bytes " + had + "-" + (part.bytes() - 1) + "/" + part.bytes());
      if (response.statusCode() == 416 || (response.statusCode() == 206 && !continued)) {
        throw new WrongContent("the server has another file than before");
      }
      if (response.statusCode() != 200 && response.statusCode() != 206) {
        throw new Interrupted("the server answered " + response.statusCode(), null);
      }
      long at = continued ? had : 0;
      try (OutputStream out =
          Files.newOutputStream(
              partial,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              continued ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING)) {
        byte[] chunk = new byte[CHUNK];
        for (int n = read(body, chunk); n >= 0; n = read(body, chunk)) {
          at += n;
          if (at > part.bytes()) {
            throw new WrongContent("more than the " + part.bytes() + " bytes that were announced");
          }
          out.write(chunk, 0, n);
          counted.at(at, false);
        }
      }
      if (at != part.bytes()) {
        throw new Interrupted(at + " of " + part.bytes() + " bytes came", null);
      }
    }
  }

  /** Failures of the network are told from those of the disk: only they are worth a repetition. */
  private static int read(InputStream body, byte[] chunk) throws Interrupted {
    try {
      return body.read(chunk);
    } catch (IOException e) {
      throw new Interrupted(reason(e), e);
    }
  }

  private static HttpResponse<InputStream> send(HttpClient client, HttpRequest request)
      throws Interrupted, InterruptedException {
    try {
      return client.send(request, BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new Interrupted(reason(e), e);
    }
  }

  private void unpack(Part part, Path partial, Counted counted) throws IOException {
    Path temporary = staging().resolve(part.name() + ".tmp");
    long written = 0;
    try (InputStream in = new GZIPInputStream(Files.newInputStream(partial), CHUNK);
        OutputStream out = Files.newOutputStream(temporary)) {
      byte[] chunk = new byte[CHUNK];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        out.write(chunk, 0, n);
        written += n;
        counted.at(part.bytes(), true);
      }
    } catch (ZipException | EOFException e) {
      Files.deleteIfExists(temporary);
      throw new WrongContent("its content is damaged: " + reason(e));
    }
    if (part.unpacked().isPresent() && part.unpacked().getAsLong() != (written & 0xFFFFFFFFL)) {
      Files.deleteIfExists(temporary);
      throw new WrongContent("its content has another length than announced");
    }
    Files.move(temporary, staging().resolve(part.name()), StandardCopyOption.REPLACE_EXISTING);
    Files.delete(partial);
  }

  private CudaRuntime finish() throws IOException {
    String problem = CudaRuntime.problem(platform, staging());
    if (!problem.isEmpty()) {
      throw new UserError("the server's files make no complete CUDA runtime: " + problem);
    }
    remove(folder());
    Files.move(staging(), folder(), StandardCopyOption.ATOMIC_MOVE);
    Files.deleteIfExists(CudaRuntime.pointer(home));
    return new CudaRuntime(folder(), CudaRuntime.Source.INSTALLED);
  }

  // -------------------------------------------------------------------------- without a network

  /**
   * Uses a folder where it is, without a network; nothing is copied, because the libraries of some
   * distributions find others beside them.
   *
   * @throws UserError where the folder holds no complete runtime
   */
  public CudaRuntime use(Path chosen) {
    Path directory = chosen.toAbsolutePath().normalize();
    String problem = CudaRuntime.problem(platform, directory);
    if (!problem.isEmpty()) {
      throw new UserError(
          "%s holds no CUDA runtime: %s; choose the folder with %s"
              .formatted(directory, problem, platform.required().getLast()));
    }
    try {
      Files.createDirectories(home);
      Files.writeString(CudaRuntime.pointer(home), directory + "\n");
    } catch (IOException e) {
      throw new UserError("cannot write in %s: %s".formatted(home, e.getMessage()), e);
    }
    return new CudaRuntime(directory, CudaRuntime.Source.CHOSEN);
  }

  // ------------------------------------------------------------------------------------- helpers

  private Path partial(Part part) {
    return staging().resolve(part.name() + ".gz.part");
  }

  private boolean isReady(Part part, Properties ready) {
    String length = ready.getProperty(part.name());
    return length != null
        && length.equals(Long.toString(length(staging().resolve(part.name()))))
        && (part.unpacked().isEmpty()
            || part.unpacked().getAsLong() == (Long.parseLong(length) & 0xFFFFFFFFL));
  }

  private static Properties manifest(Path directory) {
    Properties ready = new Properties();
    Path file = directory.resolve(CudaRuntime.MANIFEST);
    if (Files.isRegularFile(file)) {
      try (var in = Files.newBufferedReader(file)) {
        ready.load(in);
      } catch (IOException | IllegalArgumentException e) {
        LOG.info("the list of fetched files is not readable, they are fetched anew: {}", reason(e));
        ready.clear();
      }
    }
    return ready;
  }

  private void write(Properties ready) throws IOException {
    Path file = staging().resolve(CudaRuntime.MANIFEST);
    Path temporary = staging().resolve(CudaRuntime.MANIFEST + ".tmp");
    try (var out = Files.newBufferedWriter(temporary)) {
      ready.store(out, "lengths of the files in this folder");
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void remove(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static long length(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  private static HttpClient client() {
    return HttpClient.newBuilder()
        .followRedirects(HttpClient.Redirect.NORMAL)
        .connectTimeout(PATIENCE)
        .proxy(EnvironmentProxy.of(System.getenv()))
        .build();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + "/" + path)).timeout(PATIENCE);
  }

  private String text(HttpClient client, String address) throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(URI.create(address)).timeout(PATIENCE).build(),
            BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(address + " answered " + response.statusCode());
    }
    return response.body();
  }

  private UserError unreachable(IOException e) {
    return new UserError(
        "%s cannot be asked for the CUDA runtime: %s; check the network and its proxy, or use a folder that has it"
            .formatted(base.getHost(), reason(e)),
        e);
  }

  private static CancellationException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    CancellationException cancelled = new CancellationException("cancelled");
    cancelled.initCause(e);
    return cancelled;
  }

  private static void check(Watcher watcher) {
    if (watcher.cancelled() || Thread.currentThread().isInterrupted()) {
      throw new CancellationException("cancelled");
    }
  }

  private static String reason(Throwable e) {
    Throwable at = e;
    while (at.getMessage() == null && at.getCause() != null) {
      at = at.getCause();
    }
    return at.getMessage() == null ? at.getClass().getSimpleName() : at.getMessage();
  }

  /** Bytes for people, in powers of ten. */
  public static String size(long bytes) {
    if (bytes >= 1_000_000_000L) {
      return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }
    return bytes >= 1_000_000L
        ? String.format(Locale.ROOT, "%.0f MB", bytes / 1e6)
        : String.format(Locale.ROOT, "%.0f kB", Math.ceil(bytes / 1e3));
  }

  /** The network failed in the middle; what came is good. */
  private static final class Interrupted extends IOException {
    private static final long serialVersionUID = 1;

    Interrupted(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** What came is not what was announced. */
  private static final class WrongContent extends IOException {
    private static final long serialVersionUID = 1;

    WrongContent(String message) {
      super(message);
    }
  }

  /** Progress of one file within all. */
  private record Counted(Watcher watcher, Part part, long before, long total) {
    void at(long bytes, boolean unpacking) {
      check(watcher);
      watcher.at(new Progress(part.name(), before + bytes, total, unpacking));
    }
  }
}
