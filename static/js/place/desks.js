/** The parts of 落项目 side by side: 分配 is one; others register themselves and get a tab. */

/** @typedef {{id: string, title: () => string, element: HTMLElement, start: () => void, render: () => void}} Desk `id`: as in the address; `start`: it is shown now */

/** @type {Desk[]} */
const desks = [];

/** @param {Desk} desk */
export const registerDesk = (desk) => {
  desks.push(desk);
};

/** @returns {readonly Desk[]} in the order in which they came */
export const allDesks = () => desks;
