/** The evaluation page: view models without a window, and the page under a robot. */
@org.jspecify.annotations.NullMarked
package dev.plumbline.app.evaluation;
