/** Evaluation: ratings from matches, and the matches behind them. */
@NullMarked
package dev.plumbline.app.evaluation.elo;

import org.jspecify.annotations.NullMarked;
