/** Alerts in the window: what came true of runs, and the rules that say what is looked for. */
@org.jspecify.annotations.NullMarked
package dev.plumbline.app.alerts;
