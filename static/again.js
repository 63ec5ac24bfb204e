// While a payment is not known yet: ask every three seconds, and show the page anew once it says
// something else. Without scripts the page reloads itself instead.
const again = async () => {
  try {
    const answer = await fetch(location.href);
    if (answer.ok && !(await answer.text()).includes("data-waiting")) return location.reload();
  } catch {
    // no answer just now: the next one will come
  }
  setTimeout(again, 3000);
};
setTimeout(again, 3000);
