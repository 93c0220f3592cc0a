package dev.plumbline.device;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Java's own proxy settings, and where there are none the variables {@code HTTPS_PROXY}, {@code
 * HTTP_PROXY} and {@code NO_PROXY} that other programs go by.
 */
final class EnvironmentProxy extends ProxySelector {
  private static final Logger LOG = LoggerFactory.getLogger(EnvironmentProxy.class);

  private final Map<String, String> environment;

  private EnvironmentProxy(Map<String, String> environment) {
    this.environment = environment;
  }

  static EnvironmentProxy of(Map<String, String> environment) {
    return new EnvironmentProxy(environment);
  }

  @Override
  public List<Proxy> select(URI address) {
    ProxySelector system = ProxySelector.getDefault();
    List<Proxy> set = system == null ? List.of() : system.select(address);
    if (set.stream().anyMatch(proxy -> proxy.type() != Proxy.Type.DIRECT)) {
      return set;
    }
    return address(address)
        .map(
            proxy ->
                List.of(
                    new Proxy(
                        Proxy.Type.HTTP,
                        InetSocketAddress.createUnresolved(
                            proxy.getHost(), proxy.getPort() < 0 ? 80 : proxy.getPort()))))
        .orElse(List.of(Proxy.NO_PROXY));
  }

  /** The proxy that the variables name for an address. */
  Optional<URI> address(URI address) {
    String scheme = String.valueOf(address.getScheme()).toUpperCase(Locale.ROOT);
    String named = variable(scheme + "_PROXY");
    if (named.isEmpty() || direct(String.valueOf(address.getHost()))) {
      return Optional.empty();
    }
    try {
      URI proxy = URI.create(named.contains("://") ? named : "http://" + named);
      return proxy.getHost() == null ? Optional.empty() : Optional.of(proxy);
    } catch (IllegalArgumentException e) {
      LOG.warn("{}_PROXY is no address and is passed over", scheme);
      return Optional.empty();
    }
  }

  private boolean direct(String host) {
    for (String entry : variable("NO_PROXY").split(",")) {
      String name = entry.strip().replaceFirst("^\\*?\\.", "");
      if (name.equals("*")
          || (!name.isEmpty() && (host.equals(name) || host.endsWith("." + name)))) {
        return true;
      }
    }
    return false;
  }

  private String variable(String name) {
    String lower = environment.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    return (lower.isBlank() ? environment.getOrDefault(name, "") : lower).strip();
  }

  @Override
  public void connectFailed(URI address, SocketAddress proxy, IOException failure) {
    LOG.info("the proxy {} does not lead to {}: {}", proxy, address, failure.getMessage());
  }
}
