package dev.plumbline.training;

import java.util.Optional;

/**
 * A reward that is known exactly because the world that it judges is synthetic. Providers are found
 * by {@link java.util.ServiceLoader}.
 */
public interface GoldReward {
  /** A judge by its name in a spec, such as {@code sample-world/helpful}. */
  Optional<Judge> judge(String name);

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
