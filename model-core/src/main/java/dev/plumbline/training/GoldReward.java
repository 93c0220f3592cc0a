package dev.plumbline.training;

import dev.plumbline.data.UserError;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * A reward that is known exactly because the world that it judges is synthetic. Providers are found
 * by {@link java.util.ServiceLoader}.
 */
public interface GoldReward {
  /** A judge by its name in a spec, such as {@code sample-world/helpful}. */
  Optional<Judge> judge(String name);

  /**
   * The judge of a name, from any provider.
   *
   * @throws UserError where no provider knows it
   */
  static Judge named(String name) {
    return ServiceLoader.load(GoldReward.class).stream()
        .flatMap(provider -> provider.get().judge(name).stream())
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "gold reward '%s' is not known; leave gold out or name one such as"
                            .formatted(name)
                        + " sample-world/helpful"));
  }

  /** Judges one response. */
  interface Judge {
    /**
     * @param prompt the dialogue so far in the transcript form, ending in an open assistant turn
     * @param response the response's text
     * @return gold reward in nats
     */
    double reward(String prompt, String response);
  }
}
